// The whole relay with a real proof-of-stake chain (geth and Prysm) on one side and an embedded chain on the other: the
// light client on the embedded chain lives on the real sync committee's signatures and real finality.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { openChain } from "#adapters/families.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { openRoute } from "#relayer/commands/open-route.ts";
import { readSecret } from "#relayer/secrets.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { startPosChain } from "#scripts/devnet/pos/start.ts";
import { abi as greeterAbi } from "../../contracts/evm/bindings/Greeter.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { silentLogger } from "#test/support/evm-bench.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";
import { openEvmParty } from "./evm-party.ts";
import type { EvmParty } from "./evm-party.ts";
import { keepLogs } from "./keep-logs.ts";
import { makePlace, user } from "./party.ts";
import { runRelayer } from "./running-relayer.ts";
import type { RunningRelayer } from "./running-relayer.ts";

const AMOUNT = 12_345n;
/** Nobody holds tokens of the other chain before. */
const receiver = (devAccounts[5] as (typeof devAccounts)[number]).address;
const TRUSTING_PERIOD = 86_400n;

interface Side extends EvmParty {
  /** The light client of the other side, hosted here. */
  readonly clientId: string;
}

const closers: (() => Promise<unknown>)[] = [];
let a: Side;
let b: Side;
let relayer: RunningRelayer;

const progress = (line: string): void => console.error(`     ${line}`);

beforeAll(async () => {
  const data = await makeDataDir();
  const dir = data.path;
  closers.push(() => data.remove());
  closers.push(() => keepLogs(dir, "ethereum"));
  const prefunded = devAccounts.map(({ address }) => address);
  const [ethereum, embedded] = await Promise.allSettled([
    startPosChain({ chainId: 32_382, dir: join(dir, "pos"), prefunded, progress }),
    startDevChain({ chainId: 31_337 }),
  ]);
  for (const started of [ethereum, embedded])
    if (started.status === "fulfilled") closers.push(() => started.value.stop());
  if (ethereum.status === "rejected") throw ethereum.reason;
  if (embedded.status === "rejected") throw embedded.reason;
  const place = await makePlace(dir);
  const [one, two] = await Promise.all([openEvmParty(place, ethereum.value), openEvmParty(place, embedded.value)]);
  for (const { chain } of [one, two]) closers.push(() => chain.close());
  const route = await openRoute(one.chain, two.chain, TRUSTING_PERIOD);
  a = { ...one, clientId: route[0].client };
  b = { ...two, clientId: route[1].client };
  relayer = await runRelayer(place, [one, two], [route]);
  closers.push(() => relayer.stop());
  progress(`relaying between ${a.chain.chainId} and ${b.chain.chainId}`);
});

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

const ended = async ({ chain, clientId }: Side, { sequence }: Packet): Promise<string> =>
  (await relayer.untilEnded({ chain: chain.chainId, client: clientId }, sequence)).status;

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
    timeoutTimestamp: (await from.bank.now()) + 3600n,
  });
  expect(await ended(from, sent.packet)).toBe("acknowledged");
  await expectSettled(from, to, sent.packet);
  const voucher = await to.bank.voucherOf(to.clientId, token.toLowerCase());
  expect(await to.bank.balanceOf(voucher, receiver)).toBe(AMOUNT);
}

async function messageAcross(from: Side, to: Side): Promise<void> {
  const greeting = `greetings from ${from.chain.chainId}`;
  const sent = await from.chain.apps.send({
    sourceClient: from.clientId,
    receiver: to.contracts.greeter,
    payload: new TextEncoder().encode(greeting),
    timeoutTimestamp: (await from.bank.now()) + 3600n,
  });
  expect(await ended(from, sent.packet)).toBe("acknowledged");
  await expectSettled(from, to, sent.packet);
  const heard = await to.reader.readContract({
    address: to.contracts.greeter,
    abi: greeterAbi,
    functionName: "lastGreeting",
  });
  expect(heard).toBe(greeting);
}

describe.concurrent("a real proof-of-stake chain", () => {
  test("its light client follows from one sync committee to the next", async () => {
    const trusted = async () => {
      const state = decodeTrustedState((await b.chain.target.trusted(b.clientId)).state);
      if (state === undefined) throw new Error("the light client's state does not decode");
      return state;
    };
    const start = await trusted();
    let state = start;
    // Packets carry the updates along. The first two periods of a new chain have the same committee: go on to a new one.
    while (state.committeeRoot === start.committeeRoot) {
      await messageAcross(a, b);
      state = await trusted();
    }
    expect(state.period).toBeGreaterThan(start.period);
    expect(state.genesisValidatorsRoot).toBe(start.genesisValidatorsRoot);
    expect(state.frozen).toBe(false);
  });

  test("what its beacon node pushes wakes the watcher, time and again", async () => {
    const watcher = await openChain(
      // Longer than the test takes: the clock finds nothing.
      { ...a.relayerConfig, pollMilliseconds: 3_600_000 },
      { logger: silentLogger, transactions: memoryTransactions(), readSecret, now: Date.now },
    );
    const aborting = new AbortController();
    try {
      // On a busy machine most of the committee may be late for the newest block.
      await expect.poll(async () => (await watcher.health()).finalizedHeight, { timeout: 300_000 }).toBeGreaterThan(0n);
      const stretches: bigint[] = [];
      // The first is history, the second may come with the stream's opening.
      for await (const { from } of watcher.source.watch(undefined, aborting.signal))
        if (stretches.push(from) === 5) break;
      expect(stretches).toEqual([...new Set(stretches)].toSorted((one, other) => Number(one - other)));
    } finally {
      aborting.abort();
      await watcher.close();
    }
  });

  test("a transfer from it arrives and is acknowledged", () => transferAcross(a, b));
  test("a message from it arrives and is acknowledged", () => messageAcross(a, b));
  test("a transfer to it arrives and is acknowledged", () => transferAcross(b, a));
  test("a message to it arrives and is acknowledged", () => messageAcross(b, a));

  test("a transfer that cannot arrive in time is refunded", async () => {
    const { token } = a.contracts;
    // The chain finalizes two epochs late, 24 seconds: no proof of the packet can exist before it has timed out. It waits with those of the other
    // tests for one of the next blocks.
    const sent = await a.chain.apps.transfer({
      sourceClient: a.clientId,
      denom: token,
      amount: 777n,
      receiver: user.address,
      memo: "",
      timeoutTimestamp: (await a.bank.now()) + 20n,
    });
    expect(await ended(a, sent.packet)).toBe("timedOut");
    expect(await b.chain.target.standing([{ kind: "receive", packet: sent.packet }])).toEqual(["open"]);
    expect(await a.chain.target.standing([{ kind: "timeout", packet: sent.packet }])).toEqual(["done"]);
    // Only the other transfer's tokens, sent at the same time, may still be held.
    expect([0n, AMOUNT]).toContain(await a.bank.escrowed(a.clientId, token));
  });
});
