// What only the governance of an ibc-go chain may do, on a real one: admit the light client of Ethereum, and recover light clients.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Chain } from "#adapters/adapter.ts";
import { cosmosConfig } from "#adapters/cosmos/config.ts";
import { cosmos } from "#adapters/cosmos/family.ts";
import { beaconMisbehaviour } from "#adapters/evm/verify/evidence.ts";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import { ACCOUNT_PREFIX, simdAccounts, STAKE_DENOM } from "#scripts/devnet/simd/accounts.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import { never, newBatchId } from "#test/conformance/relay.ts";
import { conflictingUpdate } from "#test/support/conflicting-update.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { openEvmBench, silentLogger } from "#test/support/evm-bench.ts";
import type { EvmBench } from "#test/support/evm-bench.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

const DAY = 86_400n;
const closers: (() => Promise<unknown>)[] = [];
let simd: SimdChain;
let evm: EvmBench;

beforeAll(async () => {
  const data = await makeDataDir();
  closers.push(() => data.remove());
  simd = await startSimd({ chainId: "simd-1", dir: join(data.path, "simd-1") });
  closers.push(() => simd.stop());
  evm = await openEvmBench();
  closers.push(() => evm.close());
});
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

/** The first account's stake decides every vote; the second has none. */
const open = (account: number, changes: object = {}): Promise<Chain> =>
  cosmos.open(
    cosmosConfig.parse({
      family: "cosmos",
      chainId: "cosmos:simd-1",
      endpoints: [{ name: "simd", url: simd.rpcUrl }],
      accountPrefix: ACCOUNT_PREFIX,
      signer: { env: "SIGNER" },
      gasPrice: { denom: STAKE_DENOM, amount: "0.01", max: "0.1" },
      pollMilliseconds: 100,
      ...changes,
    }),
    {
      logger: silentLogger,
      transactions: memoryTransactions(),
      now: () => Date.now(),
      readSecret: async () => simdAccounts[account]?.privateKey ?? "",
    },
  );

const beacon = () => evm.a.chain.admin.bootstrap({ trustingPeriod: DAY });

describe("the light client of Ethereum", () => {
  test("is not admitted by who has no stake, and its proposal is gone on with by who has", async () => {
    const state = await beacon();
    // Shorter than the vote takes: the command says what has to happen instead of waiting.
    const nobody = await open(1, { confirmationTimeoutSeconds: 1 });
    const refusal: unknown = await nobody.admin.createClient(state).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "NOT_AUTHORIZED",
      context: { proposal: 1n },
      hint: expect.stringMatching("proposal 1"),
    });

    const voter = await open(0);
    const clientId = await voter.admin.createClient(state);
    expect(clientId).toMatch(/^08-wasm-\d+$/);
    expect(await voter.target.trusted(clientId)).toMatchObject({ status: "active", ...state });
    // Admitted once for all.
    expect(await (await open(1)).admin.createClient(state)).not.toBe(clientId);
    await expect(voter.admin.addFork(clientId, new Uint8Array(3))).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  test("is frozen by two finalized headers that its committee signed, and recovered", async () => {
    const { a } = evm;
    const chain = await open(0);
    const clientId = await chain.admin.createClient(await beacon());
    const start = await chain.target.trusted(clientId);
    await expect
      .poll(async () => (await a.chain.health()).finalizedHeight, { timeout: 300_000 })
      .toBeGreaterThan(start.height);
    a.dev.control.setMining(false);
    const { finalizedHeight: minHeight } = await a.chain.health();
    const request = { targetChain: chain.chainId, trusted: start, minHeight, claims: [] };
    const honest = await a.chain.source.prove(request, never());
    const batch = { id: newBatchId(), clientId, envelope: honest, messages: [] };
    await chain.target.submit(batch, never());

    const held = await chain.target.trusted(clientId);
    const first = envelope.decode(honest).updates.at(-1) ?? new Uint8Array();
    const report = beaconMisbehaviour.encode({ first, second: await conflictingUpdate(a.dev, held.state) });
    expect(verifyMisbehaviour({ trusted: held.state, misbehaviour: report, now: held.now })).toMatchObject({
      ok: true,
    });
    const id = newBatchId();
    const frozen = await chain.target.report({ id, clientId, report }, never());
    expect(frozen.transaction).toBeDefined();
    expect((await chain.target.trusted(clientId)).status).toBe("frozen");
    expect(await chain.target.report({ id, clientId, report }, never())).toEqual(frozen);
    expect(await chain.target.report({ id: newBatchId(), clientId, report }, never())).toEqual({ deliveries: [] });
    await expect(chain.target.submit({ ...batch, id: newBatchId() }, never())).rejects.toMatchObject({
      code: "CLIENT_FROZEN",
    });

    a.dev.control.setMining(true);
    await expect
      .poll(async () => (await a.chain.health()).finalizedHeight, { timeout: 300_000 })
      .toBeGreaterThan(held.height);
    const replacement = await beacon();
    expect(await chain.admin.migrations.schedule(clientId, replacement)).toEqual({ now: true });
    expect(await chain.target.trusted(clientId)).toMatchObject({ status: "active", ...replacement });
    expect(await chain.admin.migrations.scheduled(clientId)).toEqual([]);
  });
});

describe("a light client of a CometBFT chain", () => {
  const expired = async (chain: Chain): Promise<string> => {
    const clientId = await chain.admin.createClient(await chain.admin.bootstrap({ trustingPeriod: 2n }));
    await expect.poll(async () => (await chain.target.trusted(clientId)).status, { timeout: 300_000 }).toBe("expired");
    return clientId;
  };

  test("is not recovered while it is active, nor by one of another kind", async () => {
    const chain = await open(0);
    const fresh = await chain.admin.bootstrap({ trustingPeriod: DAY });
    const clientId = await chain.admin.createClient(fresh);
    const { migrations } = chain.admin;
    await expect(migrations.schedule(clientId, fresh)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(migrations.prepare(clientId, fresh)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(migrations.schedule("nobody-99", fresh)).rejects.toMatchObject({ code: "CLIENT_NOT_FOUND" });
    const replacement = await beacon();
    await expect(migrations.schedule(await expired(chain), replacement)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  test("is recovered by the vote, which everybody sees coming", async () => {
    const [voter, other] = [await open(0), await open(1, { confirmationTimeoutSeconds: 1 })];
    const clientId = await expired(voter);
    const scheduling = await other.admin.migrations.schedule(
      clientId,
      await voter.admin.bootstrap({ trustingPeriod: DAY }),
    );
    if (scheduling.now) throw new Error("nobody with stake has voted");
    const { migration } = scheduling;
    expect(migration).toMatchObject({
      clientId,
      scheduledBy: simdAccounts[1]?.address,
      replacement: { status: "active" },
    });
    expect(await voter.admin.migrations.scheduled(clientId)).toMatchObject([
      { id: migration.id, address: migration.address },
    ]);
    await expect(voter.admin.migrations.cancel(migration)).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
    expect((await voter.admin.migrations.execute(migration)).transaction).toMatch(/^[0-9A-F]{64}$/);
    expect((await voter.target.trusted(clientId)).status).toBe("active");
    await expect(voter.admin.migrations.execute(migration)).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
  });

  test("is not recovered when its proposer takes the proposal back", async () => {
    const proposer = await open(1, { confirmationTimeoutSeconds: 1 });
    const clientId = await expired(proposer);
    const scheduling = await proposer.admin.migrations.schedule(
      clientId,
      await proposer.admin.bootstrap({ trustingPeriod: DAY }),
    );
    if (scheduling.now) throw new Error("nobody with stake has voted");
    await proposer.admin.migrations.cancel(scheduling.migration);
    expect(await proposer.admin.migrations.scheduled(clientId)).toEqual([]);
    await delay(1_000);
    expect((await proposer.target.trusted(clientId)).status).toBe("expired");
  });
});
