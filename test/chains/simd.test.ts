// The development chain of ibc-go itself: what adapters and the other suites rely on.
import { join } from "node:path";
import { SigningStargateClient } from "@cosmjs/stargate";
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { ed25519 } from "@noble/curves/ed25519.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ACCOUNT_PREFIX,
  GENESIS_BALANCE,
  STAKE_DENOM,
  TOKEN_DENOM,
  simdAccounts,
} from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import { readSimdStatus } from "#scripts/devnet/simd/status.ts";
import { makeDataDir } from "#test/support/data-dir.ts";

const closers: (() => Promise<unknown>)[] = [];
let chain: SimdChain;
let comet: Comet38Client;

beforeAll(async () => {
  const data = await makeDataDir();
  closers.push(() => data.remove());
  chain = await startSimd({ chainId: "simd-1", dir: join(data.path, "simd"), powers: [100, 100] });
  closers.push(() => chain.stop());
  comet = await Comet38Client.connect(chain.rpcUrl);
});

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

const account = (index: number): SimdAccount => simdAccounts[index] as SimdAccount;
const height = async (node = 0): Promise<number> =>
  (await readSimdStatus(chain.validators[node]?.rpcUrl ?? ""))?.height ?? 0;
const reach = (target: number): Promise<void> =>
  expect.poll(() => height(), { timeout: 300_000 }).toBeGreaterThanOrEqual(target);

async function signing(index: number): Promise<SigningStargateClient> {
  const wallet = await DirectSecp256k1Wallet.fromKey(hexToBytes(account(index).privateKey), ACCOUNT_PREFIX);
  return SigningStargateClient.createWithSigner(comet, wallet);
}

describe("a simd chain", () => {
  test("makes blocks that both of its validators sign with their keys", async () => {
    await reach((await height()) + 3);
    const { validators } = await comet.validatorsAll(3);
    const seeds = chain.validators.map(({ consensusKey }) =>
      Buffer.from(ed25519.getPublicKey(consensusKey)).toString("hex"),
    );
    expect(validators.map(({ pubkey }) => Buffer.from(pubkey?.data ?? []).toString("hex")).toSorted()).toEqual(
      seeds.toSorted(),
    );
    expect(validators.map(({ votingPower }) => votingPower)).toEqual([100n, 100n]);
  });

  test("its accounts are funded, and pay fees or none", async () => {
    const [from, to] = [account(2), account(3)];
    const client = await signing(2);
    const before = await client.getBalance(to.address, TOKEN_DENOM);
    expect(BigInt(before.amount)).toBeGreaterThanOrEqual(GENESIS_BALANCE);
    for (const fee of ["0", "1000"])
      await client.sendTokens(from.address, to.address, [{ denom: TOKEN_DENOM, amount: "7" }], {
        amount: fee === "0" ? [] : [{ denom: STAKE_DENOM, amount: fee }],
        gas: "200000",
      });
    const after = await client.getBalance(to.address, TOKEN_DENOM);
    expect(BigInt(after.amount) - BigInt(before.amount)).toBe(14n);
    expect(BigInt((await client.getBalance(from.address, STAKE_DENOM)).amount)).toBe(GENESIS_BALANCE - 1_000n);
  });

  test("old heights are proven, with the store's two levels", async () => {
    await reach(6);
    const key = new TextEncoder().encode("nextClientSequence");
    for (const at of [2, (await height()) - 1]) {
      const answer = await comet.abciQuery({ path: "store/ibc/key", data: key, height: at, prove: true });
      expect(answer.code).toBe(0);
      expect(answer.proof?.ops.map(({ type }) => type)).toEqual(["ics23:iavl", "ics23:simple"]);
    }
  });

  test("without one of two equal validators no block is made; then the chain goes on", async () => {
    const [, second] = chain.validators;
    await second?.stop();
    const [stoppedAt, wallet] = [await height(), await signing(4)];
    // One more block may have been under way.
    const sent = wallet.sendTokens(account(4).address, account(5).address, [{ denom: TOKEN_DENOM, amount: "1" }], {
      amount: [],
      gas: "200000",
    });
    await expect.poll(async () => (await comet.numUnconfirmedTxs()).total, { timeout: 300_000 }).toBeGreaterThan(0);
    expect(await height()).toBeLessThanOrEqual(stoppedAt + 2);
    second?.start();
    expect((await sent).code).toBe(0);
    await chain.assertRunning();
  });

  test("a node that cannot run says why", async () => {
    const data = await makeDataDir();
    closers.push(() => data.remove());
    const rpcPort = Number(new URL(chain.rpcUrl).port);
    await expect(startSimd({ chainId: "simd-9", dir: join(data.path, "simd"), rpcPort })).rejects.toMatchObject({
      code: "NODE_FAILED",
      message: expect.stringContaining("address already in use"),
    });
  });
});
