// The whole relay with a real proof-of-stake chain (geth and Prysm) on one side and an embedded chain on the other: the
// light client on the embedded chain lives on the real sync committee's signatures and real finality.
import { copyFile, glob, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createPublicClient, http } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import type { Sent } from "#adapters/adapter.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { startPosChain } from "#scripts/devnet/pos/start.ts";
import { abi as greeterAbi } from "../../contracts/evm/bindings/Greeter.ts";
import { abi as tokenAbi } from "../../contracts/evm/bindings/DemoToken.ts";
import { abi as transferAbi } from "../../contracts/evm/bindings/TransferApp.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { buildWorld, user } from "./world.ts";
import type { Side, World } from "./world.ts";

const KEPT_LOGS = fileURLToPath(new URL("../../.causeway/chains/ethereum", import.meta.url));
const AMOUNT = 12_345n;
/** Nobody holds tokens of the other chain before. */
const receiver = (devAccounts[5] as (typeof devAccounts)[number]).address;
const closers: (() => Promise<unknown>)[] = [];
let world: World;

const progress = (line: string): void => console.error(`     ${line}`);

/** For whoever has to find out why a test failed: the logs outlive the chains. */
async function keepLogs(dir: string): Promise<void> {
  await mkdir(KEPT_LOGS, { recursive: true });
  for await (const path of glob("{*,pos/*}.log", { cwd: dir }))
    await copyFile(join(dir, path), join(KEPT_LOGS, basename(path)));
  progress(`logs are kept in ${KEPT_LOGS}`);
}

beforeAll(async () => {
  const data = await makeDataDir();
  const dir = data.path;
  closers.push(() => data.remove());
  closers.push(() => keepLogs(dir));
  const prefunded = devAccounts.map(({ address }) => address);
  const [ethereum, embedded] = await Promise.allSettled([
    startPosChain({ chainId: 32_382, dir: join(dir, "pos"), prefunded, progress }),
    startDevChain({ chainId: 31_337 }),
  ]);
  for (const started of [ethereum, embedded])
    if (started.status === "fulfilled") closers.push(() => started.value.stop());
  if (ethereum.status === "rejected") throw ethereum.reason;
  if (embedded.status === "rejected") throw embedded.reason;
  world = await buildWorld(ethereum.value, embedded.value, dir);
  closers.push(() => world.stop());
  progress(`relaying between ${world.a.chain.chainId} and ${world.b.chain.chainId}`);
});

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

const reader = ({ rpcUrl }: Side) => createPublicClient({ transport: http(rpcUrl) });
const balanceOf = (side: Side, token: `0x${string}`, owner: `0x${string}`): Promise<bigint> =>
  reader(side).readContract({ address: token, abi: tokenAbi, functionName: "balanceOf", args: [owner] });
const nowOn = async (side: Side): Promise<bigint> => (await reader(side).getBlock()).timestamp;

/** What the relayer says about a packet once it has come to its end. */
async function untilEnded(from: Side, { packet }: Sent): Promise<string> {
  const id = `${from.chain.chainId}/${packet.sourceClient}/${packet.sequence}`;
  for (let last = ""; ; await sleep(500)) {
    const answer = await fetch(`${world.relayerUrl}/v1/packets/${id}`);
    if (!answer.ok) continue;
    const { status, deliveries } = (await answer.json()) as {
      status: string;
      deliveries: { leg: string; status: string; error: string | null }[];
    };
    const seen = `${id}: ${status}, ${deliveries.map((each) => `${each.leg} ${each.status}`).join(", ")}`;
    if (seen !== last) progress(seen);
    last = seen;
    if (status === "acknowledged" || status === "timedOut") return status;
  }
}

async function expectSettled(from: Side, to: Side, packet: Packet): Promise<void> {
  expect(await to.chain.target.standing([{ kind: "receive", packet }])).toEqual(["done"]);
  expect(await from.chain.target.standing([{ kind: "acknowledge", packet }])).toEqual(["done"]);
}

async function transferAcross(from: Side, to: Side): Promise<void> {
  const { token } = from.contracts;
  const sent = await from.chain.apps.transfer({
    sourceClient: from.clientId,
    denom: token,
    amount: AMOUNT,
    receiver,
    memo: "",
    timeoutTimestamp: (await nowOn(from)) + 3600n,
  });
  expect(await untilEnded(from, sent)).toBe("acknowledged");
  await expectSettled(from, to, sent.packet);
  const voucher = await reader(to).readContract({
    address: to.contracts.transferApp,
    abi: transferAbi,
    functionName: "voucherOf",
    args: [to.clientId, token.toLowerCase()],
  });
  expect(await balanceOf(to, voucher, receiver)).toBe(AMOUNT);
}

async function messageAcross(from: Side, to: Side): Promise<void> {
  const greeting = `greetings from ${from.chain.chainId}`;
  const sent = await from.chain.apps.send({
    sourceClient: from.clientId,
    receiver: to.contracts.greeter,
    payload: new TextEncoder().encode(greeting),
    timeoutTimestamp: (await nowOn(from)) + 3600n,
  });
  expect(await untilEnded(from, sent)).toBe("acknowledged");
  await expectSettled(from, to, sent.packet);
  const heard = await reader(to).readContract({
    address: to.contracts.greeter,
    abi: greeterAbi,
    functionName: "lastGreeting",
  });
  expect(heard).toBe(greeting);
}

describe.concurrent("a real proof-of-stake chain", () => {
  test("its light client follows from one sync committee to the next", async () => {
    const trusted = async () => {
      const state = decodeTrustedState((await world.b.chain.target.trusted(world.b.clientId)).state);
      if (state === undefined) throw new Error("the light client's state does not decode");
      return state;
    };
    const start = await trusted();
    let state = start;
    // Packets carry the updates along. The first two periods of a new chain have the same committee: go on to a new one.
    while (state.committeeRoot === start.committeeRoot) {
      await messageAcross(world.a, world.b);
      state = await trusted();
    }
    expect(state.period).toBeGreaterThan(start.period);
    expect(state.genesisValidatorsRoot).toBe(start.genesisValidatorsRoot);
    expect(state.frozen).toBe(false);
  });

  test("a transfer from it arrives and is acknowledged", () => transferAcross(world.a, world.b));
  test("a message from it arrives and is acknowledged", () => messageAcross(world.a, world.b));
  test("a transfer to it arrives and is acknowledged", () => transferAcross(world.b, world.a));
  test("a message to it arrives and is acknowledged", () => messageAcross(world.b, world.a));

  test("a transfer that cannot arrive in time is refunded", async () => {
    const { token } = world.a.contracts;
    const escrowed = () =>
      reader(world.a).readContract({
        address: world.a.contracts.transferApp,
        abi: transferAbi,
        functionName: "escrowed",
        args: [world.a.clientId, token],
      });
    // The chain finalizes two epochs late, 24 seconds: no proof of the packet can exist before it has timed out.
    const sent = await world.a.chain.apps.transfer({
      sourceClient: world.a.clientId,
      denom: token,
      amount: 777n,
      receiver: user.address,
      memo: "",
      timeoutTimestamp: (await nowOn(world.a)) + 12n,
    });
    expect(await untilEnded(world.a, sent)).toBe("timedOut");
    expect(await world.b.chain.target.standing([{ kind: "receive", packet: sent.packet }])).toEqual(["open"]);
    expect(await world.a.chain.target.standing([{ kind: "timeout", packet: sent.packet }])).toEqual(["done"]);
    // Only the other transfer's tokens, sent at the same time, may still be held.
    expect([0n, AMOUNT]).toContain(await escrowed());
  });
});
