import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { QueryPacketCommitmentsRequest, QueryPacketCommitmentsResponse } from "cosmjs-types/ibc/core/channel/v2/query";
import { afterEach, describe, expect, test } from "vitest";
import { UNIVERSAL_ERROR_ACKNOWLEDGEMENT } from "#adapters/protocol/acknowledgement.ts";
import { outstanding, recover } from "#adapters/cosmos/history.ts";
import { createLookup } from "#adapters/cosmos/lookup/lookup.ts";
import { toUpperHex } from "#adapters/cosmos/rpc/block.ts";
import type { Stretch } from "#adapters/lookup.ts";
import { makeCometChain } from "#test/support/comet-chain.ts";
import type { BlockContent } from "#test/support/comet-chain.ts";
import { openComet } from "#test/support/comet-context.ts";
import type { CometBench } from "#test/support/comet-context.ts";
import { acknowledgementHex, eventJson, makePacket } from "#test/support/comet-events.ts";
import { makeMembers } from "#test/support/comet-evidence.ts";
import type { CometAnswers, Params } from "#test/support/comet-node.ts";

const HEAD = 30n;
const SOURCE = "07-tendermint-0";
const DESTINATION = "07-tendermint-9";
const members = makeMembers("history", [10n]);

const refusal = (text: string) => ({
  type: "ibccallbackerror-fungible_token_packet",
  attributes: [{ key: "ibccallbackerror-error", value: text }],
});
const written = (sequence: bigint, acknowledgement: Uint8Array) =>
  eventJson("write_acknowledgement", makePacket(sequence), {
    encoded_acknowledgement_hex: acknowledgementHex(acknowledgement),
  });
const received = (sequence: bigint) => eventJson("recv_packet", makePacket(sequence));

const contents = new Map<bigint, BlockContent>([
  [5n, { transactions: [{ name: "sends 1", events: [eventJson("send_packet", makePacket(1n))] }] }],
  [
    9n,
    {
      transactions: [
        {
          name: "answers 1 and 2",
          events: [
            received(1n),
            refusal("nobody at all"),
            written(1n, UNIVERSAL_ERROR_ACKNOWLEDGEMENT),
            received(2n),
            written(2n, Uint8Array.of(1)),
          ],
        },
        { name: "answers 3", events: [received(3n), written(3n, UNIVERSAL_ERROR_ACKNOWLEDGEMENT)] },
      ],
    },
  ],
  [
    12n,
    { transactions: [{ name: "fails", code: 11, events: [] }], events: [eventJson("send_packet", makePacket(4n))] },
  ],
]);
const chain = makeCometChain({
  height: HEAD,
  membersAt: () => members,
  contentAt: (height) => contents.get(height),
});

/** As nodes keep it: transactions and blocks apart, by one event's attributes. */
const tx_search: CometAnswers[string] = ({ query = "" }) => {
  const [, type, sequence] = /^(\w+)\..* AND \w+\.packet_sequence='(\d+)'$/.exec(query) ?? [];
  const heights = [...contents].flatMap(([height, { transactions }]) =>
    transactions.flatMap(({ events }) =>
      events.some(
        (event) =>
          event.type === type &&
          event.attributes.some(({ key, value }) => key === "packet_sequence" && value === sequence),
      )
        ? [height]
        : [],
    ),
  );
  const txs = heights.map((height) => ({
    hash: "AA",
    height: `${height}`,
    index: 0,
    tx: "AA==",
    tx_result: { code: 0 },
  }));
  return { result: { txs, total_count: `${txs.length}` } };
};
const block_search: CometAnswers[string] = ({ query = "" }) => {
  const isThere = query.startsWith("send_packet") && query.endsWith("packet_sequence='4'");
  const found = chain.answers["block"]?.({ height: "12" });
  const blocks = isThere && found !== undefined && "result" in found ? [found.result] : [];
  return { result: { blocks, total_count: `${blocks.length}` } };
};
const tx: CometAnswers[string] = ({ hash = "" }) => {
  const digits = toUpperHex(Uint8Array.from(Buffer.from(hash, "base64")));
  for (const [height, { transactions }] of contents)
    for (const [index, { name, code = 0 }] of transactions.entries())
      if (toUpperHex(sha256(utf8ToBytes(name))) === digits)
        return { result: { hash: digits, height: `${height}`, index, tx: "AA==", tx_result: { code } } };
  return { error: `tx (${digits}) not found` };
};
const indexing: CometAnswers = { ...chain.answers, tx_search, block_search, tx };
const disabled: CometAnswers = { ...indexing, tx_search: () => ({ error: "transaction indexing is disabled" }) };

let bench: CometBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});
const never = new AbortController().signal;

describe("recover", () => {
  test.each([
    ["by the index of nodes", indexing],
    ["by reading backwards where there is none", disabled],
  ])("%s: what was sent, and what was written, oldest first", async (_, answers) => {
    bench = await openComet([answers], { blocksPerFetch: 7 });
    const sent = await recover(bench.context, SOURCE, [4n, 1n]);
    expect(sent.map(({ kind, sequence, height }) => [kind, sequence, height])).toEqual([
      ["sent", 1n, 5n],
      ["sent", 4n, 12n],
    ]);
    const answered = await recover(bench.context, DESTINATION, [2n]);
    expect(answered).toMatchObject([{ kind: "acknowledgementWritten", sequence: 2n }]);
  });

  test("nothing is asked for what cannot be a light client's name", async () => {
    bench = await openComet([indexing]);
    expect(await recover(bench.context, "x' OR 'y'='y", [1n])).toEqual([]);
    expect(bench.nodes[0]?.asked).toEqual([]);
  });
});

describe("outstanding", () => {
  const page = (sequences: readonly bigint[], nextKey: readonly number[]) =>
    QueryPacketCommitmentsResponse.fromPartial({
      commitments: sequences.map((sequence) => ({ clientId: SOURCE, sequence, data: Uint8Array.of(1) })),
      pagination: { nextKey: Uint8Array.from(nextKey) },
    });

  const serving = (pageAt: (key: Uint8Array) => QueryPacketCommitmentsResponse): CometAnswers => ({
    ...chain.answers,
    abci_query({ path, data = "" }: Params) {
      if (path !== "/ibc.core.channel.v2.Query/PacketCommitments") return { result: { response: { code: 0 } } };
      const { pagination } = QueryPacketCommitmentsRequest.decode(Uint8Array.from(Buffer.from(data, "hex")));
      const response = QueryPacketCommitmentsResponse.encode(pageAt(pagination?.key ?? new Uint8Array())).finish();
      return { result: { response: { code: 0, value: Buffer.from(response).toString("base64") } } };
    },
  });

  test("all pages", async () => {
    bench = await openComet([serving((key) => (key.length === 0 ? page([1n, 5n], [7]) : page([7n], [])))]);
    expect(await outstanding(bench.context, SOURCE)).toEqual([1n, 5n, 7n]);
  });

  test.each([
    ["pages without end", () => page([], [7])],
    ["the same page again and again", () => page([1n], [7])],
    ["sequences out of order", () => page([5n, 1n], [])],
  ])("RPC_BAD_ANSWER for %s", async (_, pageAt) => {
    bench = await openComet([serving(pageAt)]);
    await expect(outstanding(bench.context, SOURCE)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("CLIENT_NOT_FOUND in the chain's words for a light client that is not there", async () => {
    const response = { code: 22, codespace: "sdk", log: "sequence not found" };
    bench = await openComet([{ ...chain.answers, abci_query: () => ({ result: { response } }) }]);
    await expect(outstanding(bench.context, "nobody-99")).rejects.toMatchObject({ code: "CLIENT_NOT_FOUND" });
  });
});

describe("lookup", () => {
  const complaintOf = async (sequence: bigint, answeredAt: bigint | undefined = 9n) => {
    bench = await openComet([indexing]);
    const message = { kind: "receive", packet: makePacket(sequence) } as const;
    return createLookup(bench.context).complaint({ message, answeredAt, since: 0n }, never);
  };

  test("a refusal has the application's words, and only those about its own packet", async () => {
    expect(await complaintOf(1n)).toEqual({ what: "refused", reason: "nobody at all", by: "event" });
    await bench?.close();
    expect(await complaintOf(3n)).toEqual({ what: "refused", by: "event" });
  });

  test("what was taken, answered elsewhere or not yet has no complaint", async () => {
    expect(await complaintOf(2n)).toBeUndefined();
    await bench?.close();
    expect(await complaintOf(1n, 8n)).toBeUndefined();
    await bench?.close();
    bench = await openComet([indexing]);
    const message = { kind: "receive", packet: makePacket(1n) } as const;
    expect(await createLookup(bench.context).complaint({ message, since: 0n }, never)).toBeUndefined();
    expect(bench.nodes[0]?.asked).toEqual([]);
  });

  test("a transaction with its events; a failed one; one that is not there, and what is none", async () => {
    bench = await openComet([indexing]);
    const lookup = createLookup(bench.context);
    const id = toUpperHex(sha256(utf8ToBytes("sends 1")));
    expect(await lookup.transaction(`0x${id.toLowerCase()}`, never)).toMatchObject({
      id,
      status: "included",
      place: { height: 5n },
      events: [{ kind: "sent", sequence: 1n, transaction: id }],
    });
    const failed = toUpperHex(sha256(utf8ToBytes("fails")));
    expect(await lookup.transaction(failed, never)).toMatchObject({ status: "reverted", events: [] });
    expect(await lookup.transaction("77".repeat(32), never)).toBeUndefined();
    for (const text of ["", "hello", "0x12", `${id}00`]) expect(await lookup.transaction(text, never)).toBeUndefined();
  });

  const stretches = async (answers: CometAnswers, sequence?: bigint): Promise<Stretch[]> => {
    bench = await openComet([answers], { blocksPerFetch: 7 });
    const query = sequence === undefined ? { clientId: DESTINATION } : { clientId: DESTINATION, sequence };
    const all: Stretch[] = [];
    for await (const stretch of createLookup(bench.context).events(query, never)) all.push(stretch);
    return all;
  };

  test.each([
    ["one packet's by the index", indexing, 2n, 2],
    ["one packet's without an index", disabled, 2n, 2],
    ["all packets'", indexing, undefined, 6],
  ])("events newest first, down to the first block: %s", async (_, answers, sequence, count) => {
    const all = await stretches(answers, sequence);
    expect([all[0]?.to, all.at(-1)?.from]).toEqual([HEAD, 1n]);
    for (const [index, { to }] of all.entries()) if (index > 0) expect(to).toBe((all[index - 1]?.from ?? 0n) - 1n);
    const events = all.flatMap((stretch) => stretch.events);
    expect(events).toHaveLength(count);
    expect(events.map(({ index }) => index)).toEqual(events.map(({ index }) => index).toSorted((a, b) => b - a));
  });
});
