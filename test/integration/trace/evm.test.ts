// Packets between two real EVM chains, stopped on purpose at each stage of each leg and followed to each way to end: what the relayer's API,
// its tables, and the chains alone say of them.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createPublicClient, createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Sent } from "#adapters/chain-apps.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { evmConfig } from "#adapters/evm/config.ts";
import { families } from "#adapters/families.ts";
import { messageId } from "#adapters/protocol/message-id.ts";
import { parseConfig } from "#relayer/config-schema.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { openWorld } from "#relayer/trace/open-world.ts";
import type { OpenedWorld } from "#relayer/trace/open-world.ts";
import { trace } from "#relayer/trace/trace.ts";
import { traceAnswer } from "#sdk/trace/answer.ts";
import type { TraceAnswer } from "#sdk/trace/answer.ts";
import { STAGES } from "#sdk/trace/states.ts";
import type { Leg } from "#sdk/trace/states.ts";
import type { ConformanceChain } from "#test/conformance/bench.ts";
import { relay } from "#test/conformance/relay.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { openEvm } from "#test/support/evm-bench.ts";
import { startEvmPair } from "#test/support/evm-pair.ts";
import type { EvmPair, EvmSide } from "#test/support/evm-pair.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";
import { openStageHolds } from "#test/support/stage-holds.ts";
import type { StageHolds } from "#test/support/stage-holds.ts";
import { causeway, causewayTelling } from "../../unit/cli/in-process.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;
let pair: EvmPair;
let holds: StageHolds;
let relayer: Relayer;
let alone: OpenedWorld;
let left: EvmSide;
let right: EvmSide;

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  pair = await startEvmPair(database, dir.path);
  [left, right] = pair.sides;
  holds = openStageHolds(database.url);
  const value = {
    data: join(dir.path, "relayer"),
    chains: pair.sides.map(({ demo }) => demo.relayerConfig),
    routes: [pair.route],
    http: { port: 0 },
    // Then what is proven goes back to the queue, and can be held there.
    queue: { concurrency: 1 },
    timers: { tick: 0.2, standby: 0.2, finalityPoll: 0.2, firstRetry: 0.2, longestRetry: 2, clear: 60, refresh: 5 },
  };
  const environment = { DATABASE_URL: database.url };
  const config = parseConfig(value, "test configuration", { families, environment });
  relayer = await startEngine(config, families.map(holds.wrap), { logger: testLogger });
  alone = await openWorld(config, families, testLogger);
  const files = { here: Number(new URL(relayer.url).port), gone: 9 };
  for (const [name, port] of Object.entries(files))
    await writeFile(join(dir.path, `${name}.yaml`), JSON.stringify({ ...value, http: { port } }));
});

afterEach(async () => {
  await holds?.releaseAll();
  for (const side of pair?.sides ?? []) await letFinality(side);
});

afterAll(async () => {
  await alone?.close();
  await relayer?.stop();
  await pair?.stop();
  await database.close();
  await dir.remove();
});

async function byApi(id: string): Promise<TraceAnswer> {
  const response = await fetch(`${relayer.url}/v1/trace/${id.split("/").map(encodeURIComponent).join("/")}`);
  expect(response.status).toBe(200);
  return traceAnswer.parse(await response.json());
}

const byChains = (id: string): Promise<TraceAnswer> => trace(alone, id, AbortSignal.timeout(20_000));
const byTables = (id: string): Promise<TraceAnswer> =>
  trace({ ...alone, chains: [], tables: database.pool }, id, AbortSignal.timeout(20_000));

/** Asks again until it is so; says what it was instead. */
async function untilState(id: string, state: string, ask = byApi): Promise<TraceAnswer> {
  const seen = new Set<string>();
  const deadline = Date.now() + 400_000;
  for (;;) {
    const last = await ask(id);
    if (last.explanation.state === state) return last;
    seen.add(last.explanation.state);
    if (Date.now() > deadline) throw new Error(`${id} was never ${state}, but ${[...seen].join(", ")}`);
    await delay(100);
  }
}

/** The development chain's own controls. */
async function control({ demo }: EvmSide, command: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${demo.beaconUrl}/dev/${command}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${command}: ${await answer.text()}`);
}

/** Nothing more becomes final until it is let go. */
const holdFinality = (side: EvmSide): Promise<void> => control(side, "finality-lag", { lag: "manual" });
const letFinality = async (side: EvmSide): Promise<void> => {
  await control(side, "finality-lag", { lag: 1 });
  await control(side, "mine", { blocks: 2 });
};

const laneTo = ({ chain, client }: EvmSide): string => `${chain.chainId}/${client}`;
const idOf = ({ packet }: Sent): string => `${left.chain.chainId}/${packet.sourceClient}/${packet.sequence}`;

async function send(receiver: string, lifetime = 3_600n): Promise<Sent> {
  return left.chain.apps.transfer({
    sourceClient: left.client,
    denom: left.demo.examples.token,
    amount: 5n,
    receiver,
    memo: "",
    timeoutTimestamp: (await right.chain.target.trusted(right.client)).now + lifetime,
  });
}

interface Walk {
  readonly id: string;
  readonly leg: Leg;
  /** Where the leg ends. */
  readonly to: EvmSide;
  /** What the relayer's API says while the transaction is included and not final; its tables still say `log`. */
  readonly included: string;
  /** From a lane that is held at `watch`. */
  readonly release: () => Promise<void>;
}

/** Takes a packet through the six stages of a leg. At the end its chain finalizes nothing. */
async function walk({ id, leg, to, included, release: first }: Walk): Promise<void> {
  let release = first;
  for (const stage of STAGES) {
    if (stage !== "watch") {
      const next = await holds.hold(stage, laneTo(to));
      if (stage === "log") await holdFinality(to);
      await release();
      release = next;
    }
    await untilState(id, `${leg}:${stage}`, byTables);
    const { explanation } = await untilState(id, stage === "log" ? included : `${leg}:${stage}`);
    expect(explanation.standing, explanation.sentence).toBe("underway");
    await untilState(id, stage === "log" ? included : `${leg}:anyRelayer`, byChains);
  }
  await release();
}

test("a transfer is explained at each stage, from its first block to its acknowledgement", async () => {
  await holdFinality(left);
  const sent = await send(right.demo.user.address);
  const id = idOf(sent);
  const early = await untilState(id, "awaitsFinality");
  expect(early.explanation.sentence).toContain(`finality of block ${sent.height} of ${left.chain.chainId}`);
  expect(early.explanation.timeline[0]).toMatchObject({ name: "sent", status: "done", transaction: sent.transaction });
  await untilState(id, "awaitsFinality", byChains);
  await untilState(id, "notFound", byTables);
  for (const name of [sent.transaction, messageId(left.chain.chainId, sent.packet)]) {
    expect((await byApi(name)).facts.packet?.id).toBe(id);
    expect((await byChains(name)).facts.packet?.id).toBe(id);
  }

  const forth = await holds.hold("watch", laneTo(right));
  await letFinality(left);
  await walk({ id, leg: "receive", to: right, included: "receivedAwaitsFinality", release: forth });
  const back = await holds.hold("watch", laneTo(left));
  await letFinality(right);
  await walk({ id, leg: "acknowledge", to: left, included: "settledAwaitsFinality", release: back });
  await letFinality(left);

  const end = await untilState(id, "acknowledged");
  expect(end.explanation).toMatchObject({ standing: "done", next: null, expectedAt: null });
  expect(end.explanation.timeline.every(({ status }) => status === "done")).toBe(true);
  await untilState(id, "acknowledged", byTables);
  const seen = await untilState(id, "acknowledged", byChains);
  const [own] = [end, seen].map(
    ({ facts }) => new Map(facts.events.map(({ kind, transaction }) => [kind, transaction])),
  );
  for (const { kind, transaction } of seen.facts.events) {
    expect(own?.get(kind)).toBe(transaction);
    expect((await byApi(transaction)).facts.packet?.id).toBe(id);
  }
  expect(end.facts.events.find(({ kind }) => kind === "acknowledged")?.byUs).toBe(true);
});

test("a refusal has the receiver's words, and is explained until the refund", async () => {
  const back = await holds.hold("watch", laneTo(left));
  await holdFinality(right);
  const id = idOf(await send("nobody at all"));
  const words = "ReceiverNotAllowed(nobody at all)";
  const refused = await untilState(id, "refusedAwaitsFinality");
  expect(refused.explanation.sentence).toContain(words);
  expect((await untilState(id, "refusedAwaitsFinality", byChains)).explanation.sentence).toContain(words);
  await letFinality(right);
  await untilState(id, "refund:watch");
  await untilState(id, "refund:watch", byTables);
  await untilState(id, "refund:anyRelayer", byChains);
  await back();
  const end = await untilState(id, "refusedRefunded");
  expect(end.explanation).toMatchObject({ standing: "refunded", next: null });
  expect(end.explanation.sentence).toContain(words);
  await untilState(id, "refusedRefunded", byTables);
  await untilState(id, "refusedRefunded", byChains);
});

test("a packet nobody delivered in time is explained until the refund", async () => {
  const [forth, back] = [await holds.hold("watch", laneTo(right)), await holds.hold("watch", laneTo(left))];
  await holdFinality(right);
  const id = idOf(await send(right.demo.user.address, 15n));
  await untilState(id, "timedOutAwaitsFinality");
  await untilState(id, "timedOutAwaitsFinality", byChains);
  await letFinality(right);
  await untilState(id, "timeout:watch");
  await forth();
  await walk({ id, leg: "timeout", to: left, included: "settledAwaitsFinality", release: back });
  await letFinality(left);
  const end = await untilState(id, "timedOutRefunded");
  expect(end.explanation).toMatchObject({ standing: "refunded", next: null });
  expect(end.explanation.timeline.map(({ name }) => name)).toEqual(["sent", "final", "timedOut"]);
  await untilState(id, "timedOutRefunded", byTables);
  await untilState(id, "timedOutRefunded", byChains);
});

test("what another relayer delivered is told so", async () => {
  const forth = await holds.hold("watch", laneTo(right));
  const sent = await send(right.demo.user.address);
  const id = idOf(sent);
  const key = right.demo.user.privateKey;
  const foreign = await openEvm(evmConfig.parse(right.demo.userConfig), memoryTransactions(), { key });
  const [source, target] = [
    { chain: left.chain, clientId: left.client },
    { chain: foreign, clientId: right.client },
  ] as ConformanceChain[] as [ConformanceChain, ConformanceChain];
  await holdFinality(right);
  await relay({
    verify: verifyBeacon,
    source,
    target,
    messages: [{ kind: "receive", packet: sent.packet }],
    minHeight: sent.height,
  });
  const delivered = await untilState(id, "deliveredByAnother");
  expect(delivered.facts.events.find(({ kind }) => kind === "acknowledgementWritten")?.byUs).toBe(false);
  await untilState(id, "receivedAwaitsFinality", byChains);
  await forth();
  await letFinality(right);
  expect((await untilState(id, "acknowledged")).explanation.sentence).toContain("by another relayer");
});

/** Runtime code that reverts, and says nothing. */
const SILENT_REVERTER = "0x645f5ffd00005f526005601bf3";

test("a receiver that reverts without a word holds its packet up", async () => {
  const account = privateKeyToAccount(right.demo.user.privateKey);
  const transport = http(right.demo.rpcUrl);
  const hash = await createWalletClient({ account, transport }).sendTransaction({ chain: null, data: SILENT_REVERTER });
  const { contractAddress } = await createPublicClient({ transport, pollingInterval: 100 }).waitForTransactionReceipt({
    hash,
  });
  const sent = await left.chain.apps.send({
    sourceClient: left.client,
    receiver: contractAddress ?? "",
    payload: new TextEncoder().encode("good day"),
    timeoutTimestamp: (await right.chain.target.trusted(right.client)).now + 3_600n,
  });
  const { explanation } = await untilState(idOf(sent), "applicationFails");
  expect(explanation).toMatchObject({ standing: "held" });
  expect(explanation.sentence).toContain("reverts without a reason");
  await untilState(idOf(sent), "applicationFails", byChains);
});

test("a transaction that waits, one that reverted, and one without a packet are told apart", async () => {
  const account = privateKeyToAccount(right.demo.user.privateKey);
  const wallet = createWalletClient({ account, transport: http(right.demo.rpcUrl) });
  const { router } = evmConfig.parse(right.demo.userConfig);
  await control(right, "mining", { on: false });
  const refused = await wallet.sendTransaction({ chain: null, to: router, data: "0xdeadbeef", gas: 100_000n });
  for (const ask of [byApi, byChains]) await untilState(refused, "transactionWaiting", ask);
  await control(right, "mining", { on: true });
  for (const ask of [byApi, byChains]) await untilState(refused, "transactionReverted", ask);
  const plain = await wallet.sendTransaction({ chain: null, to: account.address, value: 1n });
  for (const ask of [byApi, byChains]) await untilState(plain, "transactionWithoutPacket", ask);
});

test("the command line asks the relayer, and the chains when there is none, and says which", async () => {
  await holdFinality(left);
  const id = idOf(await send(right.demo.user.address));
  let letting: Promise<void> | undefined;
  const goOn = (output: string): void => {
    if (output.includes("waits for finality")) letting ??= letFinality(left);
  };
  const followed = await causewayTelling(goOn, "trace", id, "--follow", "--api", relayer.url);
  await letting;
  expect(followed.code, followed.errors).toBe(0);
  expect(followed.output).toMatch(/waits for finality[^]*its acknowledgement came back[^]*told by the relayer at http/);
  const last = traceAnswer.parse(JSON.parse((await causeway("trace", id, "--api", relayer.url, "--json")).output));
  expect(last.explanation.state).toBe("acknowledged");
  const [sent, received] = ["sent", "acknowledgementWritten"].map(
    (kind) => last.facts.events.find((event) => event.kind === kind)?.transaction ?? "",
  );
  for (const [config, teller] of [
    ["here", "the relayer of this configuration"],
    ["gone", "the chains alone"],
  ] as const) {
    const { code, output, errors } = await causeway("trace", id, "--config", join(dir.path, `${config}.yaml`));
    expect(code, errors).toBe(0);
    for (const words of [id, sent, received, `5 of ${left.demo.examples.token.toLowerCase()}`, teller])
      expect(output).toContain(words);
  }
  const unknown = await causeway("trace", `0x${"7".repeat(64)}`, "--config", join(dir.path, "gone.yaml"));
  expect(unknown.code).toBe(5);
  expect(unknown.output).toContain("None of 2 chains asked knows");
  expect((await causeway("trace", id, "--api", "http://127.0.0.1:9")).code).toBe(1);
  expect((await causeway("trace", " ")).code).toBe(2);
});
