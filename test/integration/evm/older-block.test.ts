// A packet does not wait for a proof that exists: claims that no endpoint proves at the trusted height are proven at an older one.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Chain } from "#adapters/adapter.ts";
import type { Sent } from "#adapters/chain-apps.ts";
import type { Message } from "#adapters/message.ts";
import type { EvmConfig } from "#adapters/evm/config.ts";
import { rootProof } from "#adapters/evm/verify/evidence.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { receiveClaim } from "#adapters/protocol/claim.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import { eventOf, never, newBatchId } from "#test/conformance/relay.ts";
import { openEvm, openEvmBench } from "#test/support/evm-bench.ts";
import type { EvmBench } from "#test/support/evm-bench.ts";
import { startHostileRpc } from "#test/support/hostile-rpc.ts";
import type { HostileRpc, Lie } from "#test/support/hostile-rpc.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

let bench: EvmBench;
let sent: Sent;
let pruned: HostileRpc;
let lagging: HostileRpc;
let chain: Chain;
/** The lagging endpoint's newest block. */
let newest: bigint;

const unknown = { rpcError: { code: -32000, message: "missing trie node" } };
const HISTORY = "0x0000f90827f1c53a10cb7a02335b175320002935";

/** Keeps the history contract's state and nobody else's. */
const prunes: Lie = ({ what, params, honest }) =>
  what === "eth_getProof" && String(params[0]).toLowerCase() !== HISTORY ? unknown : honest;

const lags: Lie = ({ what, params, honest }) => {
  const height = (tag: unknown): bigint => (String(tag).startsWith("0x") ? BigInt(String(tag)) : newest);
  if (what === "eth_getProof") return height(params[2]) > newest ? unknown : honest;
  if (what !== "eth_getBlockByNumber") return honest;
  if (params[0] === "latest") return block;
  return height(params[0]) > newest ? null : honest;
};
/** `newest` as JSON-RPC gives it. */
let block: unknown;

beforeAll(async () => {
  bench = await openEvmBench();
  const { a, b } = bench;
  [pruned, lagging] = await Promise.all([startHostileRpc(a.dev.rpcUrl), startHostileRpc(a.dev.rpcUrl)]);
  const behind: EvmConfig = {
    ...a.config,
    endpoints: [
      { name: "pruned", url: pruned.url },
      { name: "lagging", url: lagging.url },
    ],
  };
  chain = await openEvm(behind, memoryTransactions());
  sent = await a.chain.apps.send({
    sourceClient: a.clientId,
    receiver: b.receiver,
    payload: new TextEncoder().encode("good day"),
    timeoutTimestamp: (await b.now()) + 3_600n,
  });
  await eventOf(a, "sent", sent.packet.sequence);
  // Somebody with better endpoints brings the light client further.
  const later = await a.chain.apps.send({
    sourceClient: a.clientId,
    receiver: b.receiver,
    payload: new TextEncoder().encode("later"),
    timeoutTimestamp: (await b.now()) + 3_600n,
  });
  await eventOf(a, "sent", later.packet.sequence);
  const trusted = await b.chain.target.trusted(b.clientId);
  const request = { targetChain: b.chain.chainId, trusted, minHeight: later.height, claims: [] };
  const update = await a.chain.source.prove(request, never());
  await b.chain.target.submit({ id: newBatchId(), clientId: b.clientId, envelope: update, messages: [] }, never());
  newest = sent.height;
  const asked = { jsonrpc: "2.0", id: 1, method: "eth_getBlockByNumber", params: [`0x${newest.toString(16)}`, false] };
  const headers = { "content-type": "application/json" };
  const response = await fetch(a.dev.rpcUrl, { method: "POST", headers, body: JSON.stringify(asked) });
  block = ((await response.json()) as { result: unknown }).result;
});

afterAll(async () => {
  await chain?.close();
  await Promise.all([pruned?.close(), lagging?.close(), bench?.close()]);
});

beforeEach(() => {
  pruned.lie(prunes);
  lagging.lie(lags);
});

const proveReceive = async () => {
  const { b } = bench;
  const trusted = await b.chain.target.trusted(b.clientId);
  const claims = [receiveClaim(sent.packet)];
  const request = { targetChain: b.chain.chainId, trusted, minHeight: sent.height, claims };
  const bytes = await chain.source.prove(request, never());
  return { bytes, value: envelope.decode(bytes), trusted };
};

test("the packet's own block proves it, under a later one that is trusted, and the contract delivers it", async () => {
  const { b } = bench;
  const { bytes, value, trusted } = await proveReceive();
  expect(trusted.height).toBeGreaterThan(newest);
  expect(value.updates).toEqual([]);
  expect(value.height).toBe(newest);
  expect(rootProof.decode(value.rootProof).ancestry).toMatchObject([{ height: trusted.height }]);
  expect(verifyBeacon({ trusted: trusted.state, envelope: bytes, now: trusted.now })).toMatchObject({ ok: true });
  const messages: Message[] = [{ kind: "receive", packet: sent.packet }];
  const batch = { id: newBatchId(), clientId: b.clientId, envelope: bytes, messages };
  expect(await b.chain.target.submit(batch, never())).toMatchObject({ deliveries: [{ status: "delivered" }] });
});

test("a lagging endpoint that lies is not believed either", async () => {
  lagging.lie((exchange) => {
    const honest = lags(exchange);
    if (exchange.what !== "eth_getProof" || typeof honest !== "object" || honest === null) return honest;
    const proof = honest as { accountProof?: string[] };
    return proof.accountProof === undefined ? honest : { ...proof, accountProof: proof.accountProof.toReversed() };
  });
  await expect(proveReceive()).rejects.toMatchObject({ name: "CausewayError" });
});

test("with an honest endpoint nothing older is needed", async () => {
  pruned.lie(undefined);
  const { value, trusted } = await proveReceive();
  expect(value.height).toBe(trusted.height);
  expect(rootProof.decode(value.rootProof).ancestry).toEqual([]);
});
