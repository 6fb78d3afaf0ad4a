// What the chain itself says is pending, and its own record of it: the way back when events were missed.
import {
  QueryNextSequenceSendRequest,
  QueryNextSequenceSendResponse,
  QueryPacketCommitmentsRequest,
  QueryPacketCommitmentsResponse,
} from "cosmjs-types/ibc/core/channel/v2/query";
import { PageRequest } from "cosmjs-types/cosmos/base/query/v1beta1/pagination";
import type { PacketEvent } from "../packet-event.ts";
import { isClientId } from "../protocol/client-id.ts";
import { CausewayError } from "../protocol/error.ts";
import { inParallel } from "../rpc/in-parallel.ts";
import type { ChainContext } from "./context.ts";
import { findEventHeights } from "./event-heights.ts";
import { getHeaders } from "./rpc/block.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { isNotFound } from "./rpc/not-found.ts";
import { query } from "./rpc/query.ts";
import { getPacketEvents } from "./watch/block-events.ts";
import { eventsBackwards } from "./watch/events-backwards.ts";

const SEQUENCES_PER_PAGE = 500n;

/** Throws CLIENT_NOT_FOUND for a light client that is not there, or has no counterparty yet. */
export async function outstanding({ config, endpoints }: ChainContext, clientId: string): Promise<bigint[]> {
  return endpoints.use(async (endpoint) => {
    await requireLane(config.chainId, endpoint, clientId);
    const sequences: bigint[] = [];
    for (let key: Uint8Array = new Uint8Array(); ;) {
      const { commitments, pagination } = await readPage(endpoint, clientId, key);
      for (const { sequence } of commitments) {
        if (sequence <= (sequences.at(-1) ?? 0n)) throw unordered(endpoint, clientId);
        sequences.push(sequence);
      }
      key = pagination?.nextKey ?? new Uint8Array();
      if (key.length === 0) return sequences;
      if (commitments.length === 0) throw unordered(endpoint, clientId);
    }
  });
}

const readPage = (
  endpoint: CometEndpoint,
  clientId: string,
  key: Uint8Array,
): Promise<QueryPacketCommitmentsResponse> =>
  query(
    endpoint,
    "/ibc.core.channel.v2.Query/PacketCommitments",
    [QueryPacketCommitmentsRequest, QueryPacketCommitmentsResponse],
    { clientId, pagination: PageRequest.fromPartial({ key, limit: SEQUENCES_PER_PAGE }) },
  );

const unordered = ({ name }: CometEndpoint, clientId: string): CausewayError =>
  new CausewayError("RPC_BAD_ANSWER", `${name} lists the commitments of ${clientId} out of order, or without end`, {
    context: { endpoint: name, clientId },
  });

/** A light client with a counterparty has a next sequence. */
async function requireLane(chainId: string, endpoint: CometEndpoint, clientId: string): Promise<void> {
  const types = [QueryNextSequenceSendRequest, QueryNextSequenceSendResponse] as const;
  try {
    await query(endpoint, "/ibc.core.channel.v2.Query/NextSequenceSend", types, { clientId });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CausewayError("CLIENT_NOT_FOUND", `${chainId} hosts no light client ${clientId} with a counterparty`, {
      context: { chainId, clientId },
      cause: error,
    });
  }
}

const PARALLEL_LOOKUPS = 4;
const RECOVERED = ["send_packet", "write_acknowledgement"] as const;

/** Send events of these sequences and the acknowledgements written for them under this client id, oldest first. */
export async function recover(
  context: ChainContext,
  clientId: string,
  sequences: readonly bigint[],
): Promise<PacketEvent[]> {
  // It goes into queries as it is.
  if (sequences.length === 0 || !isClientId(clientId)) return [];
  const wanted = new Set(sequences);
  const isWanted = ({ kind, clientId: client, sequence }: PacketEvent): boolean =>
    (kind === "sent" || kind === "acknowledgementWritten") && client === clientId && wanted.has(sequence);
  return context.endpoints.use(async (endpoint) => {
    const found = await inParallel([...wanted], PARALLEL_LOOKUPS, (sequence) =>
      findEventHeights(endpoint, { clientId, sequence, types: RECOVERED }),
    );
    if (found.includes(undefined)) return (await searchBackwards(context, wanted, isWanted)).toReversed();
    const heights = [...new Set(found.flatMap((some) => some ?? []))].toSorted((left, right) => Number(left - right));
    const events = await inParallel(heights, PARALLEL_LOOKUPS, async (height) => {
      const headers = await getHeaders(endpoint, { from: height, to: height });
      return (await Promise.all(headers.map((header) => getPacketEvents(context, endpoint, header)))).flat();
    });
    return events.flat().filter(isWanted);
  });
}

/** Without an index: every block from the newest down, until all that was sent is found. Newest first. */
async function searchBackwards(
  context: ChainContext,
  wanted: ReadonlySet<bigint>,
  isWanted: (event: PacketEvent) => boolean,
): Promise<PacketEvent[]> {
  const found: PacketEvent[] = [];
  for await (const { events } of eventsBackwards(context)) {
    found.push(...events.filter(isWanted));
    if (found.filter(({ kind }) => kind === "sent").length === wanted.size) break;
  }
  return found;
}
