// Whether messages are still to be delivered, by what the packet store holds.
import {
  QueryUnreceivedAcksRequest,
  QueryUnreceivedAcksResponse,
  QueryUnreceivedPacketsRequest,
  QueryUnreceivedPacketsResponse,
} from "cosmjs-types/ibc/core/channel/v2/query";
import { isClientId } from "#adapters/protocol/client-id.ts";
import { commitmentPath, receiptPath } from "#adapters/protocol/path.ts";
import type { Standing, StandingQuery } from "../target-chain.ts";
import { inParallel } from "../rpc/in-parallel.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { query, readStore } from "./rpc/query.ts";

/** Nodes may bound the gas of a query; this takes some 250,000. */
const SEQUENCES_PER_QUERY = 200;
const PARALLEL = 4;

interface Place {
  /** That names the packet on this chain. */
  readonly clientId: string;
  readonly isReceive: boolean;
}

const placeOf = ({ kind, packet }: StandingQuery): Place =>
  kind === "receive"
    ? { clientId: packet.destinationClient, isReceive: true }
    : { clientId: packet.sourceClient, isReceive: false };

const nameOf = ({ clientId, isReceive }: Place, sequence: bigint): string => `${isReceive} ${clientId} ${sequence}`;

/** Those of the sequences that have no receipt, or still have their commitment. */
async function openAmong(
  endpoint: CometEndpoint,
  { clientId, isReceive }: Place,
  sequences: bigint[],
): Promise<readonly bigint[]> {
  const service = "/ibc.core.channel.v2.Query";
  if (isReceive) {
    const types = [QueryUnreceivedPacketsRequest, QueryUnreceivedPacketsResponse] as const;
    return (await query(endpoint, `${service}/UnreceivedPackets`, types, { clientId, sequences })).sequences;
  }
  const types = [QueryUnreceivedAcksRequest, QueryUnreceivedAcksResponse] as const;
  const request = { clientId, packetAckSequences: sequences };
  return (await query(endpoint, `${service}/UnreceivedAcks`, types, request)).sequences;
}

/** By its key: a node refuses a whole list for one name that no chain has. */
async function isOpen(endpoint: CometEndpoint, { kind, packet }: StandingQuery): Promise<boolean> {
  const path = kind === "receive" ? receiptPath(packet) : commitmentPath(packet);
  return ((await readStore(endpoint, path)) === undefined) === (kind === "receive");
}

/** A packet was received when its receipt is there, and settled at its source when its commitment is gone. */
export async function readStanding(endpoint: CometEndpoint, queries: readonly StandingQuery[]): Promise<Standing[]> {
  const lists = new Map<string, { readonly place: Place; readonly sequences: bigint[] }>();
  const odd: StandingQuery[] = [];
  for (const each of queries) {
    const place = placeOf(each);
    const { sequence } = each.packet;
    if (!isClientId(place.clientId) || sequence === 0n) odd.push(each);
    else {
      const key = `${place.isReceive} ${place.clientId}`;
      const list = lists.get(key) ?? { place, sequences: [] };
      list.sequences.push(sequence);
      lists.set(key, list);
    }
  }
  const open = new Set<string>();
  await inParallel([...lists.values()].flatMap(inChunks), PARALLEL, async ({ place, sequences }) => {
    for (const sequence of await openAmong(endpoint, place, sequences)) open.add(nameOf(place, sequence));
  });
  await inParallel(odd, PARALLEL, async (each) => {
    if (await isOpen(endpoint, each)) open.add(nameOf(placeOf(each), each.packet.sequence));
  });
  return queries.map((each) => (open.has(nameOf(placeOf(each), each.packet.sequence)) ? "open" : "done"));
}

function inChunks<T extends { readonly sequences: readonly bigint[] }>(list: T): (T & { sequences: bigint[] })[] {
  const chunks: (T & { sequences: bigint[] })[] = [];
  for (let first = 0; first < list.sequences.length; first += SEQUENCES_PER_QUERY)
    chunks.push({ ...list, sequences: list.sequences.slice(first, first + SEQUENCES_PER_QUERY) });
  return chunks;
}
