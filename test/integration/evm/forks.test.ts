// A fork that a light client does not know: told ahead of it, refused in it before anything is paid, and added by a delayed
// admin action, after which relaying goes on.
import { afterEach, describe, expect, test } from "vitest";
import { createPublicClient, http } from "viem";
import type { HostedClient } from "#adapters/source-chain.ts";
import { decodeTrustedState, encodeFork } from "#adapters/evm/verify/trusted-state.ts";
import type { Fork } from "#adapters/evm/verify/trusted-state.ts";
import { never } from "#test/conformance/relay.ts";
import { passTime, relayMessage, rotate, toEpoch } from "#test/support/crossing.ts";
import { openEvm, openEvmBench } from "#test/support/evm-bench.ts";
import type { EvmBench, EvmBenchOptions } from "#test/support/evm-bench.ts";
import { gloasRow } from "#test/support/beacon-evidence.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

let bench: EvmBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const DELAY = 3_600;

async function open(options: EvmBenchOptions = {}): Promise<EvmBench> {
  bench = await openEvmBench({ committeeSize: 32, slotsPerEpoch: 8, epochsPerPeriod: 512, delay: DELAY, ...options });
  return bench;
}

const hosted = async ({ b }: EvmBench): Promise<HostedClient> => ({
  targetChain: b.chain.chainId,
  trusted: await b.chain.target.trusted(b.clientId),
});

const forksOf = async (opened: EvmBench): Promise<readonly Fork[]> =>
  decodeTrustedState((await hosted(opened)).trusted.state)?.forks ?? [];

const ahead = async (opened: EvmBench) => opened.a.chain.source.forksAhead(await hosted(opened));

async function onlyMissing(opened: EvmBench): Promise<Uint8Array> {
  const [missing, ...more] = await opened.a.chain.admin.missingForks(await hosted(opened));
  expect(more).toEqual([]);
  return missing?.fork ?? new Uint8Array();
}

/** Transactions that the relayer's key has made on the hosting chain. */
async function paid({ b }: EvmBench): Promise<number> {
  const reader = createPublicClient({ transport: http(b.dev.rpcUrl) });
  const signer = (await b.chain.health()).signer?.address as `0x${string}`;
  return reader.getTransactionCount({ address: signer });
}

describe("a fork that was scheduled after the light client was created", () => {
  test("is told ahead, stops the relayer before it pays, and is passed once an admin added it", async () => {
    const opened = await open();
    const { a, b } = opened;
    expect(await ahead(opened)).toEqual([]);
    await a.dev.control.scheduleFork("gloas", 40);
    const [warning] = await ahead(opened);
    expect(warning).toMatchObject({ name: "gloas", hasBegun: false });
    expect(warning?.problem).toMatch(/does not know fork gloas of eip155:31337, which is to begin: epoch 40/);
    await relayMessage(opened);

    await toEpoch(opened, 40);
    const before = await paid(opened);
    const prove = async () => {
      const client = await hosted(opened);
      return a.chain.source.prove({ ...client, minHeight: client.trusted.height + 1n, claims: [] }, never());
    };
    await expect(prove()).rejects.toMatchObject({
      code: "FORK_UNKNOWN",
      retry: "never",
      context: { fork: "gloas", epoch: 40n, clientId: b.clientId },
    });
    await expect(prove()).rejects.toHaveProperty("hint", expect.stringContaining("epoch 40, version 0x07"));
    await expect(prove()).rejects.toHaveProperty(
      "hint",
      expect.stringContaining(`causeway client add-fork eip155:31338/${b.clientId}`),
    );
    await expect(relayMessage(opened)).rejects.toMatchObject({ code: "FORK_UNKNOWN" });
    expect(await paid(opened)).toBe(before);
    expect((await ahead(opened))[0]?.hasBegun).toBe(true);

    const row = await onlyMissing(opened);
    const scheduled = await b.chain.admin.addFork(b.clientId, row);
    expect(scheduled).toMatchObject({ status: "scheduled", transaction: expect.stringMatching(/^0x/) });
    const { readyAt } = scheduled as { readyAt: bigint };
    expect(readyAt).toBeGreaterThanOrEqual((await hosted(opened)).trusted.now + BigInt(DELAY) - 60n);
    // Asking again schedules nothing twice and carries nothing out.
    const asked = await paid(opened);
    expect(await b.chain.admin.addFork(b.clientId, row)).toEqual({ status: "scheduled", readyAt });
    expect(await paid(opened)).toBe(asked);
    expect(await forksOf(opened)).toHaveLength(2);

    await passTime(opened, DELAY);
    const done = await b.chain.admin.addFork(b.clientId, row);
    expect(done).toMatchObject({ status: "done", transaction: expect.stringMatching(/^0x/) });
    expect(await b.chain.admin.addFork(b.clientId, row)).toEqual({ status: "done" });
    expect((await forksOf(opened)).at(-1)).toMatchObject({ epoch: 40n, executionBlockHashGindex: 2856 });
    expect(await ahead(opened)).toEqual([]);
    expect(await a.chain.admin.missingForks(await hosted(opened))).toEqual([]);
    await relayMessage(opened);
    await rotate(opened);
    await relayMessage(opened);
  });

  test("is passed without a stop when it was added in time", async () => {
    const opened = await open();
    const { a, b } = opened;
    await a.dev.control.scheduleFork("gloas", 600);
    const row = await onlyMissing(opened);
    expect((await b.chain.admin.addFork(b.clientId, row)).status).toBe("scheduled");
    await passTime(opened, DELAY);
    expect((await b.chain.admin.addFork(b.clientId, row)).status).toBe("done");
    await relayMessage(opened);
    await toEpoch(opened, 600);
    await relayMessage(opened);
  });

  test("is scheduled anew when nobody carried it out within a week", async () => {
    const opened = await open();
    const { a, b } = opened;
    const trustingPeriod = 30n * 86_400n;
    const clientId = await b.chain.admin.createClient(await a.chain.admin.bootstrap({ trustingPeriod }));
    await a.dev.control.scheduleFork("gloas", 5_000_000);
    const row = await onlyMissing(opened);
    const first = (await b.chain.admin.addFork(clientId, row)) as { readyAt: bigint };
    await passTime(opened, DELAY + 7 * 86_400);
    const second = await b.chain.admin.addFork(clientId, row);
    expect(second).toMatchObject({ status: "scheduled", transaction: expect.stringMatching(/^0x/) });
    expect((second as { readyAt: bigint }).readyAt).toBeGreaterThan(first.readyAt + 7n * 86_400n);
    // The bench's own light client has expired by then, and no row would bring it back.
    await expect(b.chain.admin.addFork(b.clientId, row)).rejects.toMatchObject({ code: "CLIENT_EXPIRED" });
  });
});

describe("a fork that this software does not know", () => {
  test("is told ahead, and stops the relayer with another remedy", async () => {
    const opened = await open({ gloasEpoch: 0 });
    const { a } = opened;
    await a.dev.control.scheduleFork("heze", 40);
    expect((await ahead(opened))[0]?.hint).toMatch(/update/);
    await expect(onlyMissing(opened)).rejects.toMatchObject({ code: "FORK_UNKNOWN", context: { fork: "heze" } });
    await toEpoch(opened, 40);
    await expect(relayMessage(opened)).rejects.toMatchObject({
      code: "FORK_UNKNOWN",
      hint: expect.stringContaining("update"),
    });
  });
});

test("a fork is not added by somebody without the role, nor when it does not fit, but at once without a delay", async () => {
  const opened = await open({ delay: 0 });
  const { b } = opened;
  const { admin } = b.chain;
  const row = encodeFork(gloasRow(1_000n));

  const stranger = await openEvm(b.config, memoryTransactions(), { key: `0x${"5e".repeat(32)}` });
  await expect(stranger.admin.addFork(b.clientId, row)).rejects.toMatchObject({
    code: "NOT_AUTHORIZED",
    context: {
      role: 0n,
      // schedule(address,bytes,uint48), execute(address,bytes): what the role's holder can send instead.
      schedule: expect.stringMatching(/^0xf801a698/),
      execute: expect.stringMatching(/^0x1cff79cd/),
    },
  });
  const early = encodeFork({ ...gloasRow(0n), version: "0x77000000" });
  await expect(admin.addFork(b.clientId, early)).rejects.toMatchObject({
    code: "TRANSACTION_REVERTED",
    context: { error: "ForkNotLater" },
  });
  await expect(admin.addFork(b.clientId, row.subarray(1))).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await expect(admin.addFork("beacon-99", row)).rejects.toMatchObject({ code: "CLIENT_NOT_FOUND" });
  expect(await forksOf(opened)).toHaveLength(2);

  expect((await admin.addFork(b.clientId, row)).status).toBe("done");
  expect(await forksOf(opened)).toHaveLength(3);
  // The chain does not have this fork: rows never change, so the light client has to be replaced.
  expect((await ahead(opened))[0]?.hint).toMatch(/client migrate eip155:31338.beacon-0 --active/);
});
