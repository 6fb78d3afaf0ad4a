import { afterEach, describe, expect, test } from "vitest";
import type { Cursor, Watched } from "#adapters/source-chain.ts";
import { toUpperHex } from "#adapters/cosmos/rpc/block.ts";
import { headerHash } from "#adapters/cosmos/verify/header-hash.ts";
import { watch } from "#adapters/cosmos/watch/watch.ts";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { makeCometChain } from "#test/support/comet-chain.ts";
import type { BlockContent } from "#test/support/comet-chain.ts";
import { openComet } from "#test/support/comet-context.ts";
import type { CometBench } from "#test/support/comet-context.ts";
import { eventJson, makePacket } from "#test/support/comet-events.ts";
import { makeMembers, timeAt } from "#test/support/comet-evidence.ts";
import type { CometAnswers } from "#test/support/comet-node.ts";

const HEAD = 50n;
const members = makeMembers("watch", [10n]);
const membersAt = () => members;

const sending = (sequence: bigint) => [eventJson("send_packet", makePacket(sequence))];
const contents = new Map<bigint, BlockContent>([
  [
    7n,
    {
      transactions: [
        { name: "undone", code: 5, events: sending(90n) },
        { name: "one", events: [{ type: "message", attributes: [] }, ...sending(1n)] },
      ],
      events: sending(2n),
    },
  ],
  [30n, { transactions: [{ name: "two", events: sending(3n) }] }],
]);
const chain = makeCometChain({ height: HEAD + 1n, membersAt, contentAt: (height) => contents.get(height) });
const hashAt = (height: bigint): string => toUpperHex(headerHash(chain.block(height).header));
const transactionId = (name: string): string => toUpperHex(sha256(utf8ToBytes(name)));

let bench: CometBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

/** Until the head was seen. */
async function watched(answers: readonly CometAnswers[], from?: Cursor, blocksPerFetch = 20): Promise<Watched[]> {
  bench = await openComet(answers, { blocksPerFetch });
  const abort = new AbortController();
  const seen: Watched[] = [];
  for await (const one of watch(bench.context, from, abort.signal)) {
    seen.push(one);
    if (one.to >= HEAD) abort.abort();
  }
  return seen;
}

const ranges = (seen: readonly Watched[]) => seen.map(({ kind, from, to }) => [kind, from, to]);
const eventsIn = (seen: readonly Watched[]) => seen.flatMap((one) => (one.kind === "indexed" ? one.events : []));

describe("watch", () => {
  test("every height once, in linked stretches, with the hash and time of the last block", async () => {
    const seen = await watched([chain.answers]);
    expect(ranges(seen)).toEqual([
      ["indexed", 1n, 20n],
      ["indexed", 21n, 40n],
      ["indexed", 41n, 50n],
    ]);
    expect(seen[1]).toMatchObject({ cursor: { height: 40n, hash: hashAt(40n) }, timestamp: timeAt(40n).seconds });
  });

  test("events of transactions that succeeded, and of the block itself, in their order", async () => {
    const events = eventsIn(await watched([chain.answers]));
    expect(events.map(({ sequence, height, index }) => [sequence, height, index])).toEqual([
      [1n, 7n, 2],
      [2n, 7n, 3],
      [3n, 30n, 0],
    ]);
    expect(events.map(({ transaction }) => transaction)).toEqual([
      transactionId("one"),
      hashAt(7n),
      transactionId("two"),
    ]);
  });

  test("the newest block is read before it can be proven, and yielded when it can without another look", async () => {
    let newest = HEAD + 1n;
    const abci_info = () => ({ result: { response: { last_block_height: newest.toString() } } });
    bench = await openComet([{ ...chain.answers, abci_info }]);
    const asked = bench.nodes[0]?.asked ?? [];
    const results = () => asked.filter((method) => method === "block_results").length;
    const abort = new AbortController();
    const from = { height: HEAD - 1n, hash: hashAt(HEAD - 1n) };
    const watching = watch(bench.context, from, abort.signal);
    expect((await watching.next()).value).toMatchObject({ from: HEAD, to: HEAD });
    const next = watching.next();
    await expect.poll(results).toBe(2);
    const before = asked.length;
    newest += 1n;
    expect((await next).value).toMatchObject({ kind: "indexed", from: HEAD + 1n, to: HEAD + 1n });
    expect(new Set(asked.slice(before))).toEqual(new Set(["abci_info"]));
    abort.abort();
  });

  test("a newest block that could not be read early is read when it is wanted", async () => {
    let newest = HEAD + 1n;
    let fails = true;
    const abci_info = () => ({ result: { response: { last_block_height: newest.toString() } } });
    const block_results: CometAnswers[string] = (params) =>
      fails && params["height"] === `${HEAD + 1n}`
        ? { error: "out of order" }
        : (chain.answers["block_results"]?.(params) ?? { error: "" });
    bench = await openComet([{ ...chain.answers, abci_info, block_results }]);
    const asked = bench.nodes[0]?.asked ?? [];
    const abort = new AbortController();
    const from = { height: HEAD - 1n, hash: hashAt(HEAD - 1n) };
    const watching = watch(bench.context, from, abort.signal);
    await watching.next();
    const next = watching.next();
    await expect.poll(() => asked.filter((method) => method === "block_results").length).toBe(2);
    fails = false;
    newest += 1n;
    expect((await next).value).toMatchObject({ kind: "indexed", from: HEAD + 1n, to: HEAD + 1n });
    abort.abort();
  });

  test("goes on after a cursor", async () => {
    const seen = await watched([chain.answers], { height: 29n, hash: hashAt(29n) });
    expect(seen[0]?.from).toBe(30n);
    expect(eventsIn(seen).map(({ sequence }) => sequence)).toEqual([3n]);
  });

  test("what is pruned is one gap up to the first block kept, whose parent is the cursor", async () => {
    const pruned = makeCometChain({ height: HEAD + 1n, membersAt, lowest: 33n });
    const seen = await watched([pruned.answers]);
    expect(ranges(seen)[0]).toEqual(["gap", 1n, 32n]);
    expect(seen[0]?.cursor).toEqual({ height: 32n, hash: toUpperHex(pruned.block(33n).header.lastBlockId.hash) });
    expect(seen.at(-1)?.to).toBe(HEAD);
  });

  test("what one endpoint pruned another one may keep", async () => {
    const pruned = makeCometChain({
      height: HEAD + 1n,
      membersAt,
      contentAt: (height) => contents.get(height),
      lowest: 33n,
    });
    const seen = await watched([pruned.answers, chain.answers]);
    expect(seen.every(({ kind }) => kind === "indexed")).toBe(true);
    expect(eventsIn(seen)).toHaveLength(3);
  });

  test("a block whose results nobody keeps is a gap of one height", async () => {
    const block_results: CometAnswers[string] = (params) =>
      params["height"] === "25"
        ? { error: "could not find results for height #25" }
        : (chain.answers["block_results"]?.(params) ?? { error: "" });
    const seen = await watched([{ ...chain.answers, block_results }]);
    expect(ranges(seen).filter(([kind]) => kind === "gap")).toEqual([["gap", 25n, 25n]]);
    expect(seen.find(({ kind }) => kind === "gap")?.cursor).toEqual({ height: 25n, hash: hashAt(25n) });
    expect(eventsIn(seen)).toHaveLength(3);
  });

  test("an endpoint that has not come so far makes no gap", async () => {
    const abci_info = chain.answers["abci_info"] ?? (() => ({ error: "" }));
    const behind = makeCometChain({ height: 20n, membersAt, contentAt: (height) => contents.get(height) });
    bench = await openComet([{ ...behind.answers, abci_info }], { blocksPerFetch: 100 });
    const answers = watch(bench.context, undefined, new AbortController().signal);
    // It claims to be at 51 and serves 20: nothing is skipped for it.
    const seen: Watched[] = [];
    await expect(
      (async () => {
        for await (const one of answers) seen.push(one);
      })(),
    ).rejects.toMatchObject({ code: "RPC_STALE" });
    expect(seen.every(({ kind, to }) => kind === "indexed" && to <= 20n)).toBe(true);
  });

  test("DEEP_REORG when no endpoint has the block of the cursor", async () => {
    await expect(watched([chain.answers, chain.answers], { height: 29n, hash: "11".repeat(32) })).rejects.toMatchObject(
      {
        code: "DEEP_REORG",
      },
    );
  });

  const other = makeCometChain({
    height: HEAD + 1n,
    membersAt,
    headerAt: (height) => (height >= 20n ? { appHash: new Uint8Array(32).fill(7) } : {}),
  });

  const from = { height: 29n, hash: hashAt(29n) };

  test.each([
    ["first", [other.answers, chain.answers]],
    ["last", [chain.answers, other.answers]],
  ])("an endpoint whose blocks do not follow the cursor has no say, be it the %s", async (_, answers) => {
    const seen = await watched(answers, from);
    expect(seen.at(-1)?.cursor).toEqual({ height: HEAD, hash: hashAt(HEAD) });
    expect(eventsIn(seen).map(({ sequence }) => sequence)).toEqual([3n]);
  });

  test("endpoints that part after the cursor have to agree first", async () => {
    const parting = makeCometChain({
      height: HEAD + 1n,
      membersAt,
      contentAt: (height) => contents.get(height),
      headerAt: (height) => (height >= 40n ? { appHash: new Uint8Array(32).fill(7) } : {}),
    });
    await expect(watched([chain.answers, parting.answers], from)).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
      message: expect.stringContaining("disagree") as string,
    });
  });

  const lying: [string, CometAnswers][] = [
    [
      "results of another block",
      { ...chain.answers, block_results: () => ({ result: { height: "1", txs_results: null } }) },
    ],
    [
      "transactions that are not the block's",
      {
        ...chain.answers,
        block: (params) => other.answers["block"]?.(params) ?? { error: "" },
      },
    ],
    [
      "headers that do not follow each other",
      {
        ...chain.answers,
        blockchain: (params) =>
          (params["minHeight"] === "21" ? other : chain).answers["blockchain"]?.(params) ?? { error: "" },
      },
    ],
  ];
  test.each(lying)("RPC_BAD_ANSWER or a failure, never an event, for %s", async (_, answers) => {
    await expect(watched([answers], undefined, 40)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });
});
