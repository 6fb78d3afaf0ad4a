// Where a packet's events are, by the index that nodes keep of their events. It proves nothing and may be incomplete: it says which blocks to read.
import { isCausewayError } from "../protocol/error.ts";
import { inParallel } from "../rpc/in-parallel.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";

/** An event type of IBC v2 and which end's client id names the packet. */
export const packetEventEnds = {
  send_packet: "packet_source_client",
  recv_packet: "packet_dest_client",
  write_acknowledgement: "packet_dest_client",
  acknowledge_packet: "packet_source_client",
  timeout_packet: "packet_source_client",
} as const;

export interface IndexedPacket {
  readonly clientId: string;
  readonly sequence: bigint;
  readonly types: readonly (keyof typeof packetEventEnds)[];
}

const PARALLEL_SEARCHES = 4;
/** A packet is sent once, and answered once. */
const MOST_RESULTS = 20;

const isDisabled = (error: unknown): boolean =>
  isCausewayError(error) && /indexing is disabled/.test(String(error.context["said"]));

/** Newest first. Undefined when the node keeps no index. */
export async function findEventHeights(
  endpoint: CometEndpoint,
  { clientId, sequence, types }: IndexedPacket,
  signal?: AbortSignal,
): Promise<readonly bigint[] | undefined> {
  const queries = types.map(
    (type) => `${type}.${packetEventEnds[type]}='${clientId}' AND ${type}.packet_sequence='${sequence}'`,
  );
  try {
    const found = await inParallel(queries, PARALLEL_SEARCHES, async (query) => {
      const request = { query, per_page: MOST_RESULTS, page: 1 };
      const [transactions, blocks] = [
        await endpoint.ask((comet) => comet.txSearch(request), signal),
        await endpoint.ask((comet) => comet.blockSearch(request), signal),
      ];
      return [
        ...transactions.txs.map(({ height }) => height),
        ...blocks.blocks.map(({ block }) => block.header.height),
      ];
    });
    return [...new Set(found.flat())].toSorted((left, right) => right - left).map(BigInt);
  } catch (error) {
    if (isDisabled(error)) return undefined;
    throw error;
  }
}
