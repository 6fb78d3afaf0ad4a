// The fake chains as a family: the adapter interface over chains in this process, or over a connection to another one's.
import { deserialize, serialize } from "node:v8";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { AdapterDependencies, Chain } from "#adapters/adapter.ts";
import type { Watched } from "#adapters/source-chain.ts";
import type { SubmitBatch, SubmitResult } from "#adapters/target-chain.ts";
import type { ChainLookup } from "#adapters/lookup.ts";
import type { Comparison, MisbehaviourReport } from "#adapters/misbehaviour.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { TransactionStore } from "#adapters/transaction-store.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { Family } from "#relayer/family.ts";
import type { FakeChain, FakeTransaction } from "./fake-chain.ts";
import { decodeTrusted, encodeReport, newest, verifyFake, verifyFakeMisbehaviour } from "./fake-evidence.ts";

/** What an adapter calls on a fake chain. */
export type FakeNode = Pick<
  FakeChain,
  | "heads"
  | "events"
  | "trusted"
  | "otherView"
  | "prove"
  | "standing"
  | "outstanding"
  | "recover"
  | "receipt"
  | "broadcast"
> &
  Partial<Pick<FakeChain, "forks" | "complaints">>;

export const fakeConfig = z.strictObject({
  family: z.literal("fake"),
  chainId: z.string().regex(/^fake:[a-z0-9]+$/, "expected an id like fake:a"),
  url: z.string().optional(),
});

const POLL_MS = 20;
/** Most heights in one answer. */
const RANGE = 1_000n;
const SIGNER = "relayer";

async function* watchNode(node: FakeNode, from: bigint, signal: AbortSignal): AsyncIterable<Watched> {
  let next = from;
  while (!signal.aborted) {
    const { finalized } = await node.heads();
    if (finalized >= next) {
      const to = finalized < next + RANGE ? finalized : next + RANGE - 1n;
      const events = await node.events(next, to);
      const cursor = { height: to, hash: `block ${to}` };
      yield { kind: "indexed", from: next, to, cursor, timestamp: 1_800_000_000n + to, events };
      next = to + 1n;
      if (to < finalized) continue;
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface Signer {
  readonly chainId: string;
  readonly store: TransactionStore;
}

/** Undefined when nothing is left to send. */
async function send(
  node: FakeNode,
  { chainId, store }: Signer,
  what: SubmitBatch | MisbehaviourReport,
): Promise<FakeTransaction | undefined> {
  return store.withLane({ chainId, signer: SIGNER }, async (lane) => {
    const [recorded] = await store.ofBatch(chainId, what.id);
    let raw = recorded?.raw;
    if (raw === undefined) {
      const messages = "messages" in what ? what.messages : [];
      const standing =
        messages.length === 0 ? ["open"] : await node.standing(messages.map(({ kind, packet }) => ({ kind, packet })));
      if (standing.every((each) => each === "done")) return undefined;
      const nonce = (await lane.nextNonce()) ?? 0n;
      const transaction: FakeTransaction = { id: `${chainId}#${nonce}`, nonce, what };
      raw = new Uint8Array(serialize(transaction));
      await lane.record({ batchId: what.id, nonce, raw, id: transaction.id, fee: {}, createdAt: Date.now() });
    }
    // A relayer that was killed may have recorded several and broadcast none, and the node takes them in order only.
    for (const waiting of await lane.unsettled()) await node.broadcast(deserialize(waiting.raw) as FakeTransaction);
    return deserialize(raw) as FakeTransaction;
  });
}

/** One transaction of a signer may wait for its block while the next is sent. */
async function submitTo(
  node: FakeNode,
  signer: Signer,
  what: SubmitBatch | MisbehaviourReport,
  signal?: AbortSignal,
): Promise<SubmitResult> {
  const { chainId, store } = signer;
  const sent = await send(node, signer, what);
  if (sent === undefined) {
    const messages = "messages" in what ? what.messages : [];
    return { deliveries: messages.map(() => ({ status: "already" })) };
  }
  let receipt = await node.receipt(sent.id);
  while (receipt === undefined) {
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted === true) throw new CausewayError("CANCELLED", `stopped while ${sent.id} waits for its block`);
    receipt = await node.receipt(sent.id);
  }
  await store.withLane({ chainId, signer: SIGNER }, (lane) => lane.settle(sent.nonce, sent.id));
  if (receipt.reverted !== undefined) throw new CausewayError("TRANSACTION_REVERTED", receipt.reverted);
  return {
    transaction: { id: sent.id, height: receipt.height, fee: 1n },
    deliveries: receipt.deliveries,
    most: receipt.most,
  };
}

const timeAt = (height: bigint): string => (1_800_000_000n + height).toString();

async function compareWith(node: FakeNode, { state }: TrustedClient): Promise<Comparison> {
  const { finalized } = await node.heads();
  const known = decodeTrusted(state).known.map(([height, timestamp]) => ({ height: BigInt(height), timestamp }));
  return {
    contradictions: known
      .filter(({ height, timestamp }) => height <= finalized && timestamp !== timeAt(height))
      .map(({ height, timestamp }) => ({
        height,
        what: `it believes time ${timestamp}, the chain's is ${timeAt(height)}`,
        basis: "proven",
      })),
    uncompared: known
      .filter(({ height }) => height > finalized)
      .map(({ height }) => ({ height, because: "ahead", why: `final up to ${finalized}` })),
  };
}

function asTrusted(clientId: string, { state, now }: { state: Uint8Array; now: bigint }): TrustedClient {
  const decoded = decodeTrusted(state);
  const { height, timestamp } = newest(decoded);
  const expiresAt = timestamp + BigInt(decoded.trustingPeriod);
  const status = decoded.frozen ? "frozen" : now > expiresAt ? "expired" : "active";
  return { clientId, clientType: "fake", state, status, height, timestamp, expiresAt, now };
}

const readTrusted = async (node: FakeNode, clientId: string): Promise<TrustedClient> =>
  asTrusted(clientId, await node.trusted(clientId));

const unsupported = async (): Promise<never> => {
  throw new CausewayError("UNSUPPORTED", "fake chains are set up by their tests");
};

const lookupOf = (node: FakeNode): ChainLookup => ({
  async head() {
    const { height, finalized } = await node.heads();
    const [timestamp, finalizedTimestamp] = [BigInt(timeAt(height)), BigInt(timeAt(finalized))];
    return { height, timestamp, finalizedHeight: finalized, finalizedTimestamp };
  },
  async transaction(id) {
    const { height } = await node.heads();
    const events = (await node.events(0n, height)).filter(({ transaction }) => transaction === id);
    const [first] = events;
    if (first === undefined) return undefined;
    return { id, status: "included", place: { height: first.height, timestamp: first.timestamp }, events };
  },
  async *events({ clientId, sequence }) {
    const { height } = await node.heads();
    const events = (await node.events(0n, height)).filter(
      (event) => event.clientId === clientId && (sequence === undefined || event.sequence === sequence),
    );
    yield { from: 0n, to: height, timestamp: BigInt(timeAt(0n)), events: events.toReversed() };
  },
  async finalAt(timestamp) {
    const { height, finalized } = await node.heads();
    return timestamp + height - finalized;
  },
  complaint: async ({ message: { packet } }) => node.complaints?.get(`${packet.sourceClient}/${packet.sequence}`),
});

function openFake(chainId: string, node: FakeNode, { transactions }: AdapterDependencies): Chain {
  const signer: Signer = { chainId, store: transactions };
  return {
    chainId,
    source: {
      watch: (from, signal) => watchNode(node, (from?.height ?? -1n) + 1n, signal),
      prove: ({ targetChain, trusted, minHeight, minTimestamp, claims }) =>
        node.prove({ targetChain, clientId: trusted.clientId, minHeight, minTimestamp, claims }),
      outstanding: (clientId) => node.outstanding(clientId),
      forksAhead: async () => node.forks ?? [],
      recover: (clientId, sequences) => node.recover(clientId, sequences),
      compare: (trusted) => compareWith(node, trusted),
      async contradict({ trusted, accepted }) {
        const { height, timestamp } = JSON.parse(new TextDecoder().decode(accepted)) as Record<string, string>;
        if (height === undefined || timestamp === undefined) throw new Error(`not accepted by ${trusted.clientId}`);
        return { ok: true, report: encodeReport({ height, accepted: timestamp, finalized: timeAt(BigInt(height)) }) };
      },
      describe: async () => [],
    },
    target: {
      trusted: (clientId) => readTrusted(node, clientId),
      views: async (clientId) => {
        const shown = await readTrusted(node, clientId);
        const hidden = await node.otherView(clientId);
        return [
          { endpoint: "fake", trusted: shown },
          ...(hidden === undefined ? [] : [{ endpoint: "other", trusted: asTrusted(clientId, hidden) }]),
        ];
      },
      standing: (queries) => node.standing(queries),
      submit: (batch, signal) => submitTo(node, signer, batch, signal),
      async accepted(clientId, height) {
        const { known, hidden } = decodeTrusted((await node.trusted(clientId)).state);
        const found = known.find(([other]) => BigInt(other) === height);
        if (found === undefined || hidden === true)
          return { ok: false, why: `nothing shows how ${height} was accepted` };
        const update = new TextEncoder().encode(JSON.stringify({ height: found[0], timestamp: found[1] }));
        return { ok: true, update, transaction: `forged ${height}` };
      },
      report: (report, signal) => submitTo(node, signer, report, signal),
    },
    admin: {
      bootstrap: unsupported,
      createClient: unsupported,
      registerCounterparty: unsupported,
      missingForks: unsupported,
      addFork: unsupported,
      terms: { merklePrefix: [], maxPayloads: 1 },
      migrations: {
        scheduled: async () => [],
        schedule: unsupported,
        prepare: unsupported,
        execute: unsupported,
        cancel: unsupported,
      },
    },
    apps: { transfer: unsupported, send: unsupported },
    lookup: lookupOf(node),
    async health() {
      const { height, finalized } = await node.heads();
      return { endpoints: [{ name: "fake", ok: true, height }], height, finalizedHeight: finalized };
    },
    close: async () => undefined,
  };
}

/** `find` gives the chain behind a config entry. */
export const fakeFamily = (find: (config: z.infer<typeof fakeConfig>) => FakeNode): Family => ({
  family: "fake",
  configSchema: fakeConfig,
  open: async (config, dependencies) => openFake(config.chainId, find(fakeConfig.parse(config)), dependencies),
  verify: verifyFake,
  verifyMisbehaviour: verifyFakeMisbehaviour,
});
