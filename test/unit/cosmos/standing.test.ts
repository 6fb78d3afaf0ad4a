// How messages stand, by lists of sequences.
import {
  QueryUnreceivedAcksRequest,
  QueryUnreceivedAcksResponse,
  QueryUnreceivedPacketsRequest,
  QueryUnreceivedPacketsResponse,
} from "cosmjs-types/ibc/core/channel/v2/query";
import { afterEach, describe, expect, test } from "vitest";
import type { StandingQuery } from "#adapters/target-chain.ts";
import { readStanding } from "#adapters/cosmos/standing.ts";
import { makePacket } from "#test/support/comet-events.ts";
import { startCometNode } from "#test/support/comet-node.ts";
import type { CometAnswer, CometNode } from "#test/support/comet-node.ts";

let node: CometNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

const height = { revisionNumber: 0n, revisionHeight: 1n };
const answer = (bytes: Uint8Array): CometAnswer => ({
  result: { response: { value: Buffer.from(bytes).toString("base64") } },
});

/** Odd sequences are open, whatever is asked about them. */
async function start() {
  const asked: { readonly path: string; readonly clientId: string; readonly count: number }[] = [];
  node = await startCometNode("simd-1", {
    abci_query: ({ path = "", data = "" }) => {
      const bytes = new Uint8Array(Buffer.from(data, "hex"));
      const [, method = "store"] = /Query\/(\w+)$/.exec(path) ?? [];
      if (method === "UnreceivedPackets") {
        const { clientId, sequences } = QueryUnreceivedPacketsRequest.decode(bytes);
        asked.push({ path: method, clientId, count: sequences.length });
        const open = sequences.filter((sequence) => sequence % 2n === 1n);
        return answer(QueryUnreceivedPacketsResponse.encode({ sequences: open, height }).finish());
      }
      if (method === "UnreceivedAcks") {
        const { clientId, packetAckSequences } = QueryUnreceivedAcksRequest.decode(bytes);
        asked.push({ path: method, clientId, count: packetAckSequences.length });
        const open = packetAckSequences.filter((sequence) => sequence % 2n === 1n);
        return answer(QueryUnreceivedAcksResponse.encode({ sequences: open, height }).finish());
      }
      asked.push({ path: method, clientId: "", count: 1 });
      return answer(Uint8Array.of(1));
    },
  });
  return { endpoint: node.endpoint, asked };
}

const query = (kind: StandingQuery["kind"], sequence: number, client?: string): StandingQuery => ({
  kind,
  packet: {
    ...makePacket(BigInt(sequence)),
    ...(client === undefined ? {} : { sourceClient: client, destinationClient: client }),
  },
});

describe("standing", () => {
  test("of every kind is told in the order asked, by one list for each end", async () => {
    const { endpoint, asked } = await start();
    const queries = [query("receive", 1), query("acknowledge", 1), query("timeout", 2), query("receive", 2)];
    expect(await readStanding(endpoint, queries)).toEqual(["open", "open", "done", "done"]);
    const { sourceClient, destinationClient } = makePacket(1n);
    expect(asked.toSorted((left, right) => left.path.localeCompare(right.path))).toEqual([
      { path: "UnreceivedAcks", clientId: sourceClient, count: 2 },
      { path: "UnreceivedPackets", clientId: destinationClient, count: 2 },
    ]);
  });

  test("of very many is asked for in parts", async () => {
    const { endpoint, asked } = await start();
    const queries = Array.from({ length: 450 }, (_, index) => query("receive", index + 1));
    const standings = await readStanding(endpoint, queries);
    expect(standings.filter((standing) => standing === "open")).toHaveLength(225);
    expect(asked.map(({ count }) => count).toSorted((left, right) => left - right)).toEqual([50, 200, 200]);
  });

  test.each([
    ["a sequence that no packet has", query("receive", 0), "done"],
    ["a client id that no chain has", query("acknowledge", 1, "x"), "open"],
    ["another", query("timeout", 1, "no client/at all-1"), "open"],
  ])("of %s is asked for by itself, and spoils no list", async (_, odd, standing) => {
    const { endpoint, asked } = await start();
    expect(await readStanding(endpoint, [odd, query("receive", 2)])).toEqual([standing, "done"]);
    expect(asked.map(({ path }) => path).toSorted()).toEqual(["UnreceivedPackets", "store"]);
  });

  test("of nothing is nothing, and nobody is asked", async () => {
    const { endpoint, asked } = await start();
    expect(await readStanding(endpoint, [])).toEqual([]);
    expect(asked).toEqual([]);
  });

  test("is not known when the node refuses", async () => {
    node = await startCometNode("simd-1", {
      abci_query: () => ({ result: { response: { code: 6, codespace: "sdk", log: "unknown query path" } } }),
    });
    await expect(readStanding(node.endpoint, [query("receive", 1)])).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });
});
