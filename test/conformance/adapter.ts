// The suite every chain family has to pass, over two real chains of it with a lane between them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sent } from "#adapters/chain-apps.ts";
import type { Message } from "#adapters/message.ts";
import type { Watched } from "#adapters/source-chain.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";
import type { StoredTransaction, TransactionStore } from "#adapters/transaction-store.ts";
import type { ConformanceBench, ConformanceChain } from "./bench.ts";
import { lookupConformance } from "./lookup.ts";
import { claimOf, eventOf, never, newBatchId, proveMessages, relay } from "./relay.ts";

const HOUR = 3_600n;

export function adapterConformance(name: string, open: () => Promise<ConformanceBench>): void {
  describe(`adapter conformance: ${name}`, () => {
    let bench: ConformanceBench;
    let a: ConformanceChain;
    let b: ConformanceChain;

    beforeAll(async () => {
      bench = await open();
      ({ a, b } = bench);
    });
    afterAll(() => bench?.close());

    const send = async (from: ConformanceChain, to: ConformanceChain, lifetime = HOUR): Promise<Sent> =>
      from.send({ receiver: to.receiver, timeoutTimestamp: (await to.now()) + lifetime });

    const receive = ({ packet }: Sent): Message => ({ kind: "receive", packet });

    const steps = (source: ConformanceChain, target: ConformanceChain, sent: Sent, messages: readonly Message[]) => ({
      verify: bench.verify,
      source,
      target,
      messages,
      minHeight: sent.height,
    });

    test("a message is received, acknowledged, and its commitment is gone", async () => {
      const sent = await send(a, b);
      expect(await b.chain.target.standing([receive(sent)])).toEqual(["open"]);
      expect(await relay(steps(a, b, sent, [receive(sent)]))).toMatchObject({ deliveries: [{ status: "delivered" }] });
      expect(await b.chain.target.standing([receive(sent)])).toEqual(["done"]);

      const written = await eventOf(b, "acknowledgementWritten", sent.packet.sequence);
      expect(written.clientId).toBe(b.clientId);
      const { acknowledgements, height } = written;
      const { packet } = sent;
      const message: Message = { kind: "acknowledge", packet, acknowledgements };
      expect(await a.chain.target.standing([message])).toEqual(["open"]);
      const result = await relay({ ...steps(b, a, sent, [message]), minHeight: height });
      expect(result.deliveries).toEqual([{ status: "delivered" }]);
      expect(await a.chain.target.standing([message])).toEqual(["done"]);
      expect((await eventOf(a, "acknowledged", sent.packet.sequence)).clientId).toBe(a.clientId);
    });

    test("a transfer is delivered in the other direction", async () => {
      const sent = await b.chain.apps.transfer({
        sourceClient: b.clientId,
        denom: b.denom,
        amount: 5n,
        receiver: a.receiver,
        memo: "",
        timeoutTimestamp: (await a.now()) + HOUR,
      });
      expect(await relay(steps(b, a, sent, [receive(sent)]))).toMatchObject({ deliveries: [{ status: "delivered" }] });
    });

    test("a packet nobody received times out, and cannot be received any more", async () => {
      const sent = await send(a, b, 4n);
      const message: Message = { kind: "timeout", packet: sent.packet };
      const minTimestamp = sent.packet.timeoutTimestamp;
      const early = await proveMessages(steps(a, b, sent, [receive(sent)]));
      expect(early.verdict.ok).toBe(true);
      const late = await proveMessages({ ...steps(b, a, sent, [message]), minHeight: 0n, minTimestamp });
      expect(late.verdict.ok && late.verdict.timestamp >= minTimestamp).toBe(true);
      const batch = { id: newBatchId(), clientId: a.clientId, envelope: late.envelope, messages: [message] };
      const result = await a.chain.target.submit(batch, never());
      expect(result.deliveries).toEqual([{ status: "delivered" }]);
      expect(await a.chain.target.standing([message])).toEqual(["done"]);

      const tooLate = { id: newBatchId(), clientId: b.clientId, envelope: early.envelope, messages: [receive(sent)] };
      const refusal = await b.chain.target.submit(tooLate, never());
      expect(refusal.deliveries).toMatchObject([{ status: "refused" }]);
      expect(refusal.transaction).toBeUndefined();
    });

    test("a new light client lacks none of its chain's forks, and there is nothing to add", async () => {
      const client = { targetChain: b.chain.chainId, trusted: await b.chain.target.trusted(b.clientId) };
      expect(await a.chain.source.forksAhead(client)).toEqual([]);
      expect(await a.chain.admin.missingForks(client)).toEqual([]);
      await expect(b.chain.admin.addFork(b.clientId, Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
      });
    });

    test("a whole batch shares one transaction", async () => {
      const sent = [await send(a, b), await send(a, b), await send(a, b)];
      const last = sent[2] as Sent;
      const result = await relay(steps(a, b, last, sent.map(receive)));
      expect(result.deliveries).toEqual([{ status: "delivered" }, { status: "delivered" }, { status: "delivered" }]);
    });

    test("what was delivered before is a success that costs nothing", async () => {
      const sent = await send(a, b);
      const proven = await proveMessages(steps(a, b, sent, [receive(sent)]));
      const batch = { clientId: b.clientId, envelope: proven.envelope, messages: [receive(sent)] };
      const first = await b.chain.target.submit({ ...batch, id: newBatchId() }, never());
      expect(first.deliveries).toEqual([{ status: "delivered" }]);
      const second = await b.chain.target.submit({ ...batch, id: newBatchId() }, never());
      expect(second).toEqual({ deliveries: [{ status: "already" }] });
    });

    test("the same batch id submitted twice is paid once", async () => {
      const sent = await send(a, b);
      const id = newBatchId();
      const { envelope } = await proveMessages(steps(a, b, sent, [receive(sent)]));
      const batch = { id, clientId: b.clientId, envelope, messages: [receive(sent)] };
      const [first, second] = await Promise.all([
        b.chain.target.submit(batch, never()),
        b.chain.target.submit(batch, never()),
      ]);
      const third = await b.chain.target.submit(batch, never());
      expect(first.deliveries).toEqual([{ status: "delivered" }]);
      expect(second.transaction ?? first.transaction).toEqual(first.transaction);
      expect(third.transaction).toEqual(first.transaction);
      expect(await b.transactions.ofBatch(b.chain.chainId, id)).toHaveLength(1);
    });

    test("a light client somebody else updated meanwhile does not matter", async () => {
      const [one, two] = [await send(a, b), await send(a, b)];
      const proofs = await Promise.all([one, two].map((sent) => proveMessages(steps(a, b, two, [receive(sent)]))));
      for (const [index, { envelope }] of proofs.entries()) {
        const messages = [receive(index === 0 ? one : two)];
        const batch = { id: newBatchId(), clientId: b.clientId, envelope, messages };
        expect((await b.chain.target.submit(batch, never())).deliveries).toEqual([{ status: "delivered" }]);
      }
    });

    test("several batches are in flight at once", async () => {
      const sent = [await send(a, b), await send(a, b), await send(a, b)];
      const proofs = await Promise.all(
        sent.map((each) => proveMessages(steps(a, b, sent[2] as Sent, [receive(each)]))),
      );
      await b.setInclusion(false);
      const submissions = proofs.map(({ envelope }, index) =>
        b.chain.target.submit(
          { id: newBatchId(), clientId: b.clientId, envelope, messages: [receive(sent[index] as Sent)] },
          never(),
        ),
      );
      await b.setInclusion(true);
      const results = await Promise.all(submissions);
      expect(results.map(({ deliveries }) => deliveries)).toEqual(sent.map(() => [{ status: "delivered" }]));
    });

    test("one bad message does not hold up its batch", async () => {
      const [good, bad] = [await send(a, b), await send(a, b)];
      const { envelope } = await proveMessages(steps(a, b, bad, [receive(good), receive(bad)]));
      const altered: Message = {
        kind: "receive",
        packet: { ...bad.packet, timeoutTimestamp: bad.packet.timeoutTimestamp + 1n },
      };
      const batch = { id: newBatchId(), clientId: b.clientId, envelope, messages: [receive(good), altered] };
      const result = await b.chain.target.submit(batch, never());
      expect(result.deliveries).toMatchObject([{ status: "delivered" }, { status: "refused" }]);
      expect(await b.chain.target.standing([receive(bad)])).toEqual(["open"]);
    });

    test("a crash between record and broadcast is continued, not repeated", async () => {
      const sent = await send(a, b);
      const id = newBatchId();
      const { envelope } = await proveMessages(steps(a, b, sent, [receive(sent)]));
      const batch = { id, clientId: b.clientId, envelope, messages: [receive(sent)] };
      const crashing = await b.reopen({ transactions: crashingAfterRecord(b.transactions) });
      await expect(crashing.target.submit(batch, never())).rejects.toThrow("crash");
      const [recorded] = await b.transactions.ofBatch(b.chain.chainId, id);
      expect(recorded).toBeDefined();
      const result = await b.chain.target.submit(batch, never());
      expect(result.deliveries).toEqual([{ status: "delivered" }]);
      expect(result.transaction?.id).toBe(recorded?.id);
      expect(await b.transactions.ofBatch(b.chain.chainId, id)).toHaveLength(1);
    });

    test("a stuck transaction is replaced at a higher fee, and the message arrives", async () => {
      const sent = await send(a, b);
      const id = newBatchId();
      const { envelope } = await proveMessages(steps(a, b, sent, [receive(sent)]));
      await b.setInclusion(false);
      const submission = b.chain.target.submit(
        { id, clientId: b.clientId, envelope, messages: [receive(sent)] },
        never(),
      );
      const recorded = async (): Promise<StoredTransaction[]> => b.transactions.ofBatch(b.chain.chainId, id);
      await expect.poll(async () => (await recorded()).length, { timeout: 300_000 }).toBeGreaterThan(1);
      await b.setInclusion(true);
      expect((await submission).deliveries).toEqual([{ status: "delivered" }]);
      const nonces = new Set((await recorded()).map(({ nonce }) => nonce));
      expect(nonces.size).toBe(1);
    });

    test("foreign use of the signer's key is noticed and lived with", async () => {
      await b.spendForeignly();
      const sent = await send(a, b);
      expect(await relay(steps(a, b, sent, [receive(sent)]))).toMatchObject({ deliveries: [{ status: "delivered" }] });
    });

    test("a light client is updated without any message", async () => {
      const before = await b.chain.target.trusted(b.clientId);
      const { finalizedHeight } = await a.chain.health();
      const minHeight = finalizedHeight > before.height ? finalizedHeight : before.height + 1n;
      const options = { verify: bench.verify, source: a, target: b, messages: [], minHeight };
      expect((await relay(options)).deliveries).toEqual([]);
      const after = await b.chain.target.trusted(b.clientId);
      expect(after.height).toBeGreaterThanOrEqual(minHeight);
      // Seconds: a chain may make several blocks in one.
      expect(after.timestamp).toBeGreaterThanOrEqual(before.timestamp);
    });

    test("a light client that follows the chain is not contradicted, by whichever endpoint it is shown", async () => {
      const views = await b.chain.target.views(b.clientId);
      expect(views.length).toBeGreaterThan(0);
      for (const { trusted } of views) {
        const { contradictions, uncompared } = await a.chain.source.compare(trusted, never());
        expect(contradictions).toEqual([]);
        expect(uncompared.filter(({ because }) => because === "unserved")).toEqual([]);
      }
      await expect(b.chain.target.views("nobody-99")).rejects.toMatchObject({ code: "CLIENT_NOT_FOUND" });
    });

    test("an update that was accepted is found again, and is no evidence against its own chain", async () => {
      const before = await b.chain.target.trusted(b.clientId);
      const options = { verify: bench.verify, source: a, target: b, messages: [], minHeight: before.height + 1n };
      await relay(options);
      const trusted = await b.chain.target.trusted(b.clientId);
      const accepted = await b.chain.target.accepted(b.clientId, trusted.height);
      if (!accepted.ok) throw new Error(accepted.why);
      const request = { trusted, accepted: accepted.update };
      expect(await a.chain.source.contradict(request, never())).toMatchObject({ ok: false });
      expect(await b.chain.target.accepted(b.clientId, trusted.height + 1_000n)).toMatchObject({ ok: false });
    });

    test("any bytes reported as misbehaviour are refused by the verifier and freeze nothing", async () => {
      const { state, now } = await b.chain.target.trusted(b.clientId);
      for (const misbehaviour of [new Uint8Array(), new Uint8Array(100), state])
        expect(bench.verifyMisbehaviour({ trusted: state, misbehaviour, now })).toMatchObject({ ok: false });
      const report = { id: newBatchId(), clientId: b.clientId, report: new Uint8Array(100) };
      await expect(b.chain.target.report(report, never())).rejects.toMatchObject({ code: "TRANSACTION_REVERTED" });
      expect((await b.chain.target.trusted(b.clientId)).status).toBe("active");
    });

    test("what a light client believes can be said in words, and nothing is scheduled to replace it", async () => {
      const { state, height } = await b.chain.target.trusted(b.clientId);
      const facts = new Map((await a.chain.source.describe(state)).map(({ name, value }) => [name, value]));
      expect(facts.get("chain")).toBe(a.chain.chainId);
      expect(facts.get("height")).toBe(height.toString());
      await expect(a.chain.source.describe(new Uint8Array(7))).rejects.toMatchObject({ code: "UNSUPPORTED" });
      expect(await b.chain.admin.migrations.scheduled(b.clientId)).toEqual([]);
    });

    test("watching yields every height once, in order, and goes on from a cursor", async () => {
      const { finalizedHeight } = await a.chain.health();
      const all = await watchUntil(a, undefined, finalizedHeight);
      const heights = all.map(({ from, to }) => [from, to] as const);
      for (const [index, [from, to]] of heights.entries()) {
        expect(from).toBeLessThanOrEqual(to);
        if (index > 0) expect(from).toBe((heights[index - 1]?.[1] ?? 0n) + 1n);
      }
      const events = all.flatMap((watched) => (watched.kind === "indexed" ? watched.events : []));
      expect(events.length).toBeGreaterThan(5);
      expect(events.map(({ height }) => height)).toEqual(events.map(({ height }) => height).toSorted(compare));

      const middle = events[Math.floor(events.length / 2)];
      if (middle === undefined) throw new Error("no events");
      const cursor = (await watchUntil(a, undefined, middle.height, middle.height)).at(-1)?.cursor;
      expect(cursor?.height).toBeGreaterThanOrEqual(middle.height);
      const rest = await watchUntil(a, cursor, (cursor?.height ?? 0n) + 1n);
      expect(rest[0]?.from).toBe((cursor?.height ?? 0n) + 1n);
    });

    test("a cursor whose block is not the chain's ends in DEEP_REORG", async () => {
      const cursor = { height: 1n, hash: `0x${"11".repeat(32)}` };
      await expect(watchUntil(a, cursor, 2n)).rejects.toMatchObject({ code: "DEEP_REORG", retry: "never" });
    });

    test("what is outstanding is known from state, and recovered from history", async () => {
      const sent = await send(a, b);
      await eventOf(a, "sent", sent.packet.sequence);
      const outstanding = await a.chain.source.outstanding(a.clientId);
      expect(outstanding).toContain(sent.packet.sequence);
      expect(outstanding).not.toContain(1n);
      const recovered = await a.chain.source.recover(a.clientId, [sent.packet.sequence]);
      expect(recovered).toMatchObject([{ kind: "sent", packet: sent.packet, transaction: sent.transaction }]);
    });

    test("what is not final yet names the height to wait for", async () => {
      const { finalizedHeight } = await a.chain.health();
      const trusted = await b.chain.target.trusted(b.clientId);
      const minHeight = finalizedHeight + 1_000n;
      const request = { targetChain: b.chain.chainId, trusted, minHeight, claims: [] };
      await expect(a.chain.source.prove(request, never())).rejects.toMatchObject({
        code: "NOT_FINAL_YET",
        retry: "afterHeight",
        height: minHeight,
      });
    });

    test("a claim that is not true is proven untrue, not hidden", async () => {
      const sent = await send(a, b);
      const forged: Message = { kind: "receive", packet: { ...sent.packet, sequence: 1_000_000n } };
      const { verdict } = await proveMessages(steps(a, b, sent, [forged]));
      expect(verdict).toMatchObject({ ok: false, reason: "VALUE_ABSENT" });
    });

    test("an unknown light client is named", async () => {
      await expect(b.chain.target.trusted("nobody-99")).rejects.toMatchObject({ code: "CLIENT_NOT_FOUND" });
    });

    test("an envelope for another light client or other messages is refused", async () => {
      const sent = await send(a, b);
      const { envelope } = await proveMessages(steps(a, b, sent, [receive(sent)]));
      const submit = (clientId: string, messages: readonly Message[]) =>
        b.chain.target.submit({ id: newBatchId(), clientId, envelope, messages }, never());
      await expect(submit("nobody-99", [receive(sent)])).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      await expect(submit(b.clientId, [])).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    });

    test("registering the same counterparty again changes nothing, another one is refused", async () => {
      const { terms } = a.chain.admin;
      await b.chain.admin.registerCounterparty(b.clientId, { ...terms, clientId: a.clientId });
      const other = { ...terms, clientId: "nobody-99" };
      await expect(b.chain.admin.registerCounterparty(b.clientId, other)).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
      });
    });

    test("an empty wallet is named with its address, and nothing is recorded", async () => {
      const sent = await send(a, b);
      const id = newBatchId();
      const { envelope } = await proveMessages(steps(a, b, sent, [receive(sent)]));
      const store = memoryTransactions();
      const poor = await b.reopen({ transactions: store, signer: "empty" });
      const batch = { id, clientId: b.clientId, envelope, messages: [receive(sent)] };
      await expect(poor.target.submit(batch, never())).rejects.toMatchObject({ code: "INSUFFICIENT_FUNDS" });
      expect(await store.ofBatch(b.chain.chainId, id)).toEqual([]);
    });

    lookupConformance(() => bench);

    test("claims of every kind fit one envelope", () => {
      const packet = {
        sequence: 1n,
        sourceClient: "x-000001",
        destinationClient: "y-000001",
        timeoutTimestamp: 1n,
        payloads: [],
      };
      const kinds: Message[] = [
        { kind: "receive", packet },
        { kind: "acknowledge", packet, acknowledgements: [] },
        { kind: "timeout", packet },
      ];
      expect(kinds.map((message) => claimOf(message).kind)).toEqual(["membership", "membership", "absence"]);
    });
  });
}

const compare = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);

async function watchUntil(
  { chain }: ConformanceChain,
  from: Watched["cursor"] | undefined,
  height: bigint,
  stop = height,
): Promise<Watched[]> {
  const abort = new AbortController();
  const seen: Watched[] = [];
  for await (const watched of chain.source.watch(from, abort.signal)) {
    seen.push(watched);
    if (watched.to >= stop) abort.abort();
  }
  return seen;
}

/** The process ends right after the transaction became durable. */
const crashingAfterRecord = (store: TransactionStore): TransactionStore => ({
  ofBatch: (chainId, batchId) => store.ofBatch(chainId, batchId),
  withLane: (lane, work) =>
    store.withLane(lane, (held) =>
      work({
        nextNonce: () => held.nextNonce(),
        unsettled: () => held.unsettled(),
        settle: (nonce, id) => held.settle(nonce, id),
        reset: (nonce) => held.reset(nonce),
        async record(transaction) {
          await held.record(transaction);
          throw new Error("crash");
        },
      }),
    ),
});
