import { afterEach, describe, expect, test } from "vitest";
import { cosmosConfig } from "#adapters/cosmos/config.ts";
import { createContext } from "#adapters/cosmos/context.ts";
import { createLocalSigner } from "#adapters/cosmos/submit/local-signer.ts";
import { createSender } from "#adapters/cosmos/submit/sender.ts";
import type { Sender } from "#adapters/cosmos/submit/sender.ts";
import { createPushes } from "#adapters/rpc/pushes.ts";
import type { Pushes } from "#adapters/rpc/pushes.ts";
import { createPool } from "#adapters/rpc/pool.ts";
import type { TransactionStore } from "#adapters/transaction-store.ts";
import { startAccountNode } from "#test/support/account-node.ts";
import type { AccountNode } from "#test/support/account-node.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

/** A throw-away key. */
const signer = await createLocalSigner("22".repeat(32), "cosmos");
const CHAIN = "cosmos:simd-1";
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let chain: AccountNode;
let store: TransactionStore;

afterEach(() => chain.node.close());

async function open(changes: { readonly confirmationTimeoutSeconds?: number } = {}): Promise<Sender> {
  chain = await startAccountNode();
  store = memoryTransactions();
  return reopen(changes);
}

/** Nothing is included, and time stands still. */
function hold(): void {
  chain.isIncluding = false;
  chain.blocksPerLook = 0n;
}

/** As the next process would. */
function reopen(changes: object = {}, newBlocks = createPushes([])): Sender {
  const config = cosmosConfig.parse({
    family: "cosmos",
    chainId: CHAIN,
    endpoints: [{ name: "node", url: chain.node.url }],
    accountPrefix: "cosmos",
    signer: { env: "KEY" },
    gasPrice: { denom: "stake", amount: "1", max: "2" },
    gasMultiplier: 1.5,
    ...changes,
  });
  const now = () => Date.now();
  const dependencies = { logger: silent, transactions: store, readSecret: async () => "", now };
  const endpoints = createPool([chain.node.endpoint], { what: CHAIN, logger: silent, now });
  // Polls are fast here: blocks are made with each look.
  const context = { config: { ...config, pollMilliseconds: 1 }, dependencies, endpoints };
  return createSender(createContext({ ...context, newBlocks }), signer);
}

const never = (): AbortSignal => new AbortController().signal;
const outgoing = (batchId: string, gas = 1_000n) => ({
  batchId,
  messages: [{ typeUrl: "/x", value: new Uint8Array() }],
  gas,
});
const nonces = async (batchId: string) => (await store.ofBatch(CHAIN, batchId)).map(({ nonce }) => nonce);
const waiting = () => store.withLane({ chainId: CHAIN, signer: signer.address }, (lane) => lane.unsettled());

const until = (value: () => unknown) => expect.poll(value, { interval: 2 });

describe("sending", () => {
  test("uses one sequence after the other, and records each before it is broadcast", async () => {
    const sender = await open();
    chain.check = ({ id }) => {
      recorded.push(id);
      return undefined;
    };
    const recorded: string[] = [];
    const [first, second] = [await sender.send(outgoing("a"), never()), await sender.send(outgoing("b"), never())];
    expect(chain.included.map(({ sequence }) => sequence)).toEqual([4n, 5n]);
    expect([first, second]).toMatchObject([{ code: 0, fee: 1_000n }, { code: 0 }]);
    expect(recorded).toEqual([first.id, second.id]);
    expect(await waiting()).toEqual([]);
  });

  test("several at once wait behind each other", async () => {
    const sender = await open();
    hold();
    const sending = ["a", "b", "c"].map((name) => sender.send(outgoing(name), never()));
    await until(() => chain.arrived.length).toBeGreaterThan(2);
    chain.isIncluding = true;
    expect((await Promise.all(sending)).map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(chain.included.map(({ sequence }) => sequence)).toEqual([4n, 5n, 6n]);
  });

  test("the same name twice is one transaction", async () => {
    const sender = await open();
    const [first, second] = await Promise.all([
      sender.send(outgoing("a"), never()),
      sender.send(outgoing("a"), never()),
    ]);
    expect(second.id).toBe(first.id);
    expect(chain.included).toHaveLength(1);
  });

  test("what a node dropped is broadcast again in order, before what comes after it", async () => {
    const sender = await open();
    hold();
    const first = sender.send(outgoing("a"), never());
    await until(() => chain.arrived.length).toBe(1);
    chain.forget();
    const second = sender.send(outgoing("b"), never());
    await until(() => chain.arrived.length).toBeGreaterThan(3);
    chain.isIncluding = true;
    expect(await Promise.all([first, second])).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(chain.included.map(({ sequence }) => sequence)).toEqual([4n, 5n]);
    expect([await nonces("a"), await nonces("b")]).toEqual([[4n], [5n]]);
  });
});

describe("a sequence that is not as expected", () => {
  test("was used with the same key elsewhere while the transaction waited: the next one is taken", async () => {
    const sender = await open();
    hold();
    const sending = sender.send(outgoing("a"), never());
    await until(() => chain.arrived.length).toBe(1);
    chain.forget();
    chain.sequence = 6n;
    chain.isIncluding = true;
    expect(await sending).toMatchObject({ code: 0 });
    expect(await nonces("a")).toEqual([4n, 6n]);
    expect(await waiting()).toEqual([]);
  });

  test("was used between two transactions: the lane follows the chain", async () => {
    const sender = await open();
    await sender.send(outgoing("a"), never());
    chain.sequence = 40n;
    await sender.send(outgoing("b"), never());
    expect(await nonces("b")).toEqual([40n]);
  });

  test("is free again when its transaction became void", async () => {
    const sender = await open();
    chain.check = () => ({ code: 0 });
    chain.isIncluding = false;
    const sending = sender.send(outgoing("a"), never());
    // The node said that it took the first one, and lost it.
    await until(() => chain.arrived.length).toBe(1);
    const voidAfter = chain.arrived[0]?.timeoutHeight ?? 0n;
    chain.forget();
    await until(async () => (await nonces("a")).length).toBe(2);
    expect(chain.height).toBeGreaterThanOrEqual(voidAfter);
    chain.check = undefined;
    chain.isIncluding = true;
    expect(await sending).toMatchObject({ code: 0 });
    expect(new Set(await nonces("a"))).toEqual(new Set([4n]));
    const [first, last] = [chain.arrived[0], chain.included[0]];
    expect(last?.fee).toBeGreaterThan(first?.fee ?? 0n);
  });

  test("was refused in a block, too late for its node to know: it is signed anew", async () => {
    const sender = await open();
    let isLate = true;
    chain.execute = () => {
      if (!isLate) return { code: 0 };
      isLate = false;
      return { code: 32, codespace: "sdk", log: "account sequence mismatch" };
    };
    expect(await sender.send(outgoing("a"), never())).toMatchObject({ code: 0 });
    expect(await nonces("a")).toEqual([4n, 4n]);
  });

  test("was signed so long ago that no node takes it: it is signed anew", async () => {
    const sender = await open();
    const log = "block height: 493, timeout height: 418: tx timeout height";
    chain.check = ({ id }) => (id === chain.arrived[0]?.id ? { code: 30, codespace: "sdk", log } : undefined);
    // A look at the chain's height brings blocks, and another height makes another transaction.
    expect(await sender.send(outgoing("a"), never())).toMatchObject({ code: 0 });
    expect(await nonces("a")).toEqual([4n, 4n]);
    expect(await waiting()).toEqual([]);
  });

  test("is given up after a few attempts when nothing ever gets included", async () => {
    const sender = await open();
    chain.isIncluding = false;
    await expect(sender.send(outgoing("a"), never())).rejects.toMatchObject({
      code: "TRANSACTION_STUCK",
      retry: "later",
    });
    const fees = (await store.ofBatch(CHAIN, "a")).map(({ fee }) => Number(fee["amount"]));
    expect(fees).toEqual([1_000, 1_126, 1_266, 1_424]);
  });
});

describe("a refusal", () => {
  test("for the fee raises it up to the cap", async () => {
    const sender = await open();
    chain.check = ({ fee }) => (fee < 1_900n ? { code: 13, codespace: "sdk", log: "insufficient fees" } : undefined);
    expect(await sender.send(outgoing("a"), never())).toMatchObject({ fee: 2_000n });
    expect(new Set(await nonces("a"))).toEqual(new Set([4n]));
  });

  test("for the fee at the cap is FEE_ABOVE_CAP, and the sequence stays free", async () => {
    const sender = await open();
    chain.check = () => ({ code: 13, codespace: "sdk", log: "insufficient fees; got: 2000stake required: 9000stake" });
    await expect(sender.send(outgoing("a"), never())).rejects.toMatchObject({ code: "FEE_ABOVE_CAP" });
    chain.check = undefined;
    await sender.send(outgoing("b"), never());
    expect(await nonces("b")).toEqual([4n]);
  });

  test("for anything else is told with its number and words, and the sequence stays free", async () => {
    const sender = await open();
    chain.check = () => ({ code: 22, codespace: "channel", log: "packet messages are redundant" });
    await expect(sender.send(outgoing("a"), never())).rejects.toMatchObject({
      code: "TRANSACTION_REVERTED",
      context: { codespace: "channel", code: 22, log: "packet messages are redundant" },
    });
    expect(await waiting()).toEqual([]);
    chain.check = undefined;
    // Nobody waits for what no node took.
    expect(await sender.resume("a", never())).toBeUndefined();
    await sender.send(outgoing("a"), never());
    expect(chain.included.map(({ sequence }) => sequence)).toEqual([4n]);
  });

  test("in a block is the outcome, with the fee that it cost", async () => {
    const sender = await open();
    chain.execute = () => ({ code: 5, codespace: "client", log: "client is not active" });
    expect(await sender.send(outgoing("a"), never())).toMatchObject({ code: 5, codespace: "client", fee: 1_000n });
    expect(chain.included).toHaveLength(1);
    expect(await sender.resume("a", never())).toBeUndefined();
  });

  test("for too little gas raises the limit a few times, and then is the outcome", async () => {
    const sender = await open();
    chain.execute = ({ gas }) => (gas < 2_000n ? { code: 11, codespace: "sdk", log: "out of gas" } : { code: 0 });
    expect(await sender.send(outgoing("a"), never())).toMatchObject({ code: 0 });
    expect(chain.included.map(({ gas }) => gas)).toEqual([1_000n, 1_500n, 2_250n]);
    chain.execute = () => ({ code: 11, codespace: "sdk", log: "out of gas" });
    expect(await sender.send(outgoing("b"), never())).toMatchObject({ code: 11 });
    expect(await nonces("b")).toHaveLength(4);
  });
});

describe("before anything is recorded", () => {
  test.each([undefined, "0", "999"])("a balance of %s is INSUFFICIENT_FUNDS", async (balance) => {
    const sender = await open();
    chain.balance = balance;
    await expect(sender.send(outgoing("a"), never())).rejects.toMatchObject({
      code: "INSUFFICIENT_FUNDS",
      context: { signer: signer.address },
    });
    expect(await nonces("a")).toEqual([]);
  });

  test.each(["", "-5", "many", "1e9"])("a balance of %j is the endpoint's fault", async (balance) => {
    const sender = await open();
    chain.balance = balance;
    await expect(sender.send(outgoing("a"), never())).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
    expect(await nonces("a")).toEqual([]);
  });
});

describe("going on", () => {
  test("from what was recorded and never broadcast", async () => {
    const sender = await open();
    hold();
    const abort = new AbortController();
    const sending = sender.send(outgoing("a"), abort.signal);
    await until(() => chain.arrived.length).toBe(1);
    abort.abort();
    await expect(sending).rejects.toMatchObject({ code: "CANCELLED" });
    chain.forget();
    chain.isIncluding = true;
    const [recorded] = await store.ofBatch(CHAIN, "a");
    expect(await reopen().resume("a", never())).toMatchObject({ id: recorded?.id, code: 0 });
    expect(await nonces("a")).toEqual([4n]);
  });

  test("from what was included while nobody looked, without another look at the mempool", async () => {
    const sender = await open();
    const { id } = await sender.send(outgoing("a"), never());
    const broadcasts = chain.arrived.length;
    expect(await reopen().resume("a", never())).toMatchObject({ id });
    expect(chain.arrived).toHaveLength(broadcasts);
  });

  test("from nothing is nothing", async () => {
    const sender = await open();
    expect(await sender.resume("never sent", never())).toBeUndefined();
  });

  test("ends with the time that one submission has", async () => {
    const sender = await open({ confirmationTimeoutSeconds: 0.05 });
    hold();
    await expect(sender.send(outgoing("a"), never())).rejects.toMatchObject({ code: "TRANSACTION_STUCK" });
  });
});

describe("when its node pushes blocks", () => {
  function pushed(): { readonly sender: Sender; readonly push: () => void } {
    const waiting = new Set<() => void>();
    const newBlocks: Pushes = {
      follow: () => ({
        wait: async () => {
          await new Promise<void>((resolve) => waiting.add(resolve));
          return true;
        },
        end: () => undefined,
      }),
      close: () => undefined,
    };
    return {
      sender: reopen({}, newBlocks),
      push() {
        chain.makeBlock();
        for (const wake of waiting) wake();
        waiting.clear();
      },
    };
  }

  async function sent(pushes: number, batchId = "a") {
    const { sender, push } = pushed();
    chain.blocksPerLook = 1n;
    const sending = sender.send(outgoing(batchId), never());
    let isOver = false;
    void sending.finally(() => (isOver = true)).catch(() => undefined);
    for (let count = 0; count < pushes && !isOver; count += 1) {
      push();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return sending;
  }

  test("a transaction is found in its block, without the node's index", async () => {
    await open();
    const before = chain.node.asked.length;
    expect(await sent(20)).toMatchObject({ code: 0, fee: 1_000n, gasUsed: 1n });
    expect(chain.node.asked.slice(before)).not.toContain("tx");
    expect(await waiting()).toEqual([]);
  });

  test("one that failed is found as well, with what the chain said", async () => {
    await open();
    chain.execute = () => ({ code: 5, codespace: "client", log: "client is not active" });
    expect(await sent(20)).toMatchObject({ code: 5, codespace: "client", log: "client is not active" });
  });

  test("one that used no sequence is found by the index now and then", async () => {
    await open();
    let isLate = true;
    chain.execute = () => {
      if (!isLate) return { code: 0 };
      isLate = false;
      return { code: 32, codespace: "sdk", log: "account sequence mismatch" };
    };
    expect(await sent(60)).toMatchObject({ code: 0 });
    expect(await nonces("a")).toEqual([4n, 4n]);
  });

  test("a sequence that somebody else used is not taken for its inclusion", async () => {
    await open();
    chain.isIncluding = false;
    chain.check = () => ({ code: 0 });
    chain.execute = undefined;
    const sending = sent(80);
    await until(() => chain.arrived.length).toBe(1);
    chain.forget();
    chain.sequence = 6n;
    chain.check = undefined;
    chain.isIncluding = true;
    expect(await sending).toMatchObject({ code: 0 });
    expect(await nonces("a")).toEqual([4n, 6n]);
  });
});
