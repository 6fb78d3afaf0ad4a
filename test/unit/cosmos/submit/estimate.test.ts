// When a batch's gas is known, and what is simulated of it when not.
import { QueryAccountInfoResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { afterEach, describe, expect, test } from "vitest";
import { cosmosConfig } from "#adapters/cosmos/config.ts";
import { createContext } from "#adapters/cosmos/context.ts";
import { createEstimate } from "#adapters/cosmos/submit/estimate.ts";
import type { BatchContent } from "#adapters/cosmos/submit/estimate.ts";
import { createLocalSigner } from "#adapters/cosmos/submit/local-signer.ts";
import type { ProvenMessage } from "#adapters/cosmos/submit/messages.ts";
import { decodeTransaction } from "#adapters/cosmos/submit/transaction.ts";
import { encodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { createPushes } from "#adapters/rpc/pushes.ts";
import { createPool } from "#adapters/rpc/pool.ts";
import { makePacket } from "#test/support/comet-events.ts";
import { startCometNode } from "#test/support/comet-node.ts";
import type { CometAnswer, CometNode } from "#test/support/comet-node.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

/** A throw-away key. */
const signer = await createLocalSigner("22".repeat(32), "cosmos");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;

let node: CometNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

const value = (bytes: Uint8Array | string): CometAnswer => ({
  result: { response: { value: Buffer.from(bytes).toString("base64") } },
});

const UPDATE: Any = { typeUrl: "/update", value: new Uint8Array(1_000) };
const SIZE = 2_000;

/** What the chain takes: for a transaction, an update, and each message. */
const gasOf = (messages: readonly Any[]): bigint =>
  messages.reduce((total, { typeUrl }) => total + (typeUrl === UPDATE.typeUrl ? 80_000n : 150_000n), 60_000n);

/** `refuses`: a transaction with so many messages. */
async function start(refuses: (count: number) => boolean = () => false) {
  const simulated: number[] = [];
  node = await startCometNode("simd-1", {
    abci_query: ({ path = "", data = "" }) => {
      if (path !== "/app/simulate") {
        const info = { address: "", accountNumber: 7n, sequence: 1n };
        return value(QueryAccountInfoResponse.encode({ info }).finish());
      }
      const { messages } = decodeTransaction(new Uint8Array(Buffer.from(data, "hex")));
      const count = messages.filter(({ typeUrl }) => typeUrl !== UPDATE.typeUrl).length;
      simulated.push(count);
      if (refuses(count)) return { result: { response: { code: 5, codespace: "channel", log: "no" } } };
      return value(JSON.stringify({ gas_info: { gas_used: gasOf(messages).toString() } }));
    },
  });
  const config = cosmosConfig.parse({
    family: "cosmos",
    chainId: "cosmos:simd-1",
    endpoints: [{ name: "node", url: node.url }],
    accountPrefix: "cosmos",
    gasPrice: { denom: "stake", amount: "1", max: "2" },
  });
  const context = createContext({
    config,
    dependencies: { logger: silent, transactions: memoryTransactions(), readSecret: async () => "", now: Date.now },
    endpoints: createPool([node.endpoint], { what: "simd-1", logger: silent, now: Date.now }),
    newBlocks: createPushes([]),
  });
  return { simulated, estimate: (content: BatchContent) => createEstimate(context, signer, content, never) };
}

const proven = (sequence: number, memo = ""): ProvenMessage => {
  const packet = makePacket(BigInt(sequence));
  const data = encodeTransferData({ denom: "demo", sender: "one", receiver: "two", amount: 1n, memo });
  const payloads = packet.payloads.map((payload) => ({ ...payload, value: data }));
  return { message: { kind: "receive", packet: { ...packet, payloads } }, proof: new Uint8Array() };
};

const contentOf = (messages: readonly ProvenMessage[], hasUpdate = true): BatchContent => {
  const updates = hasUpdate ? [UPDATE] : [];
  return {
    clientId: "07-tendermint-0",
    updates: updates.map((update) => update.value),
    messages,
    shared: updates,
    sizeOf: () => SIZE,
    countFitting: (some) => some.length,
    transaction: (some) => [...updates, ...some.map(() => ({ typeUrl: "/packet", value: new Uint8Array(SIZE) }))],
  };
};

const batch = (count: number, from = 1): ProvenMessage[] =>
  Array.from({ length: count }, (_, index) => proven(from + index));

const transactionGas = (count: number): bigint => 60_000n + 80_000n + 150_000n * BigInt(count);

describe("the gas of a batch", () => {
  test("is simulated once, and known from then on", async () => {
    const { simulated, estimate } = await start();
    const [first, second] = [batch(10), batch(77, 100)];
    const one = estimate(contentOf(first));
    expect(await one.gasOf(first)).toEqual({ ok: true, gas: transactionGas(10) });
    expect(one.isGuess()).toBe(false);
    // The update alone, so that the messages' part can be told from it.
    expect(simulated).toEqual([0, 10]);
    const other = estimate(contentOf(second));
    expect(await other.gasOf(second)).toEqual({ ok: true, gas: transactionGas(77) });
    expect(other.isGuess()).toBe(true);
    expect(simulated).toEqual([0, 10]);
  });

  test("of a message that may cost anything is simulated beside what is known, each time", async () => {
    const { simulated, estimate } = await start();
    const first = batch(10);
    await estimate(contentOf(first)).gasOf(first);
    const mixed = [...batch(3, 20), proven(30, '{"dest_callback":{}}')];
    for (const times of [1, 2]) {
      const one = estimate(contentOf(mixed));
      expect(await one.gasOf(mixed)).toEqual({ ok: true, gas: transactionGas(4) });
      expect(one.isGuess()).toBe(true);
      expect(simulated).toEqual([0, 10, ...Array<number>(times).fill(1)]);
    }
  });

  test("follows what transactions used", async () => {
    const { estimate } = await start();
    const some = batch(10);
    const one = estimate(contentOf(some));
    await one.gasOf(some);
    one.learn(some, transactionGas(10) * 2n);
    expect(await one.gasOf(some)).toEqual({ ok: true, gas: transactionGas(10) * 2n });
  });

  test("is simulated again when a transaction failed on it", async () => {
    const { simulated, estimate } = await start();
    const some = batch(10);
    const one = estimate(contentOf(some));
    await one.gasOf(some);
    one.forget(some);
    await one.gasOf(some);
    expect(one.isGuess()).toBe(false);
    expect(simulated).toEqual([0, 10, 0, 10]);
  });

  test("of a message that the chain refused is never guessed again", async () => {
    const { simulated, estimate } = await start();
    const [some, [bad]] = [batch(10), batch(1, 50)];
    if (bad === undefined) throw new RangeError("there is one");
    const one = estimate(contentOf(some));
    await one.gasOf(some);
    one.distrust(bad);
    const again = estimate(contentOf([bad]));
    await again.gasOf([bad]);
    await again.gasOf([bad]);
    expect(again.isGuess()).toBe(false);
    expect(simulated).toEqual([0, 10, 1, 1]);
  });

  test("is not learned without an update to tell the messages from", async () => {
    const { simulated, estimate } = await start();
    const some = batch(10);
    for (const times of [1, 2]) {
      const one = estimate(contentOf(some, false));
      expect(await one.gasOf(some)).toEqual({ ok: true, gas: transactionGas(10) - 80_000n });
      expect(one.isGuess()).toBe(false);
      expect(simulated).toEqual(Array<number>(times).fill(10));
    }
  });

  test("is simulated for every part of a batch once a part was refused, whatever is known by then", async () => {
    const bad = 7;
    const { simulated, estimate } = await start((count) => count === 10 || count === 5);
    const some = batch(10);
    const one = estimate(contentOf(some));
    await one.gasOf(some);
    // Its first half is good, and teaches what such messages cost; the second is not.
    expect(await one.gasOf(some.slice(0, 4))).toMatchObject({ ok: true });
    expect(await one.gasOf(some.slice(5))).toMatchObject({ ok: false });
    expect(await one.gasOf(some.slice(0, bad))).toMatchObject({ ok: true });
    expect(one.isGuess()).toBe(false);
    expect(simulated).toEqual([0, 10, 4, 5, bad]);
  });

  test("is none when the chain refuses, and nothing is learned from that", async () => {
    const { simulated, estimate } = await start((count) => count > 5);
    const some = batch(10);
    const one = estimate(contentOf(some));
    expect(await one.gasOf(some)).toEqual({ ok: false, refusal: { error: "channel 5", detail: "no" } });
    expect(await one.gasOf(some)).toMatchObject({ ok: false });
    expect(simulated).toEqual([0, 10, 10]);
  });
});
