// What an application had against a packet, in its own words: ibc-go keeps the events of a refused callback, marked as such.
import type { Complaint, ComplaintQuery } from "#adapters/lookup.ts";
import type { ChainContext } from "../context.ts";
import { getBlockResults } from "../rpc/block-results.ts";
import type { BlockEvent } from "../rpc/block-results.ts";
import { isErrorAcknowledgement } from "#adapters/protocol/acknowledgement.ts";
import { isPacketEvent, packetEvent } from "../watch/packet-events.ts";

/** ibc-go modules/core/types/events.go before each key; "error" is the transfer application's. */
const ERROR = "ibccallbackerror-error";

/**
 * Only of a packet that was answered: a message that still is to be delivered cannot be tried here without the proof that it needs, and nothing is
 * said about it.
 */
export async function complaint(
  { endpoints }: ChainContext,
  { message, answeredAt }: ComplaintQuery,
  signal: AbortSignal,
): Promise<Complaint | undefined> {
  if (answeredAt === undefined || message.kind !== "receive") return undefined;
  const { events } = await endpoints.use((endpoint) => getBlockResults(endpoint, answeredAt, () => true, signal));
  const { destinationClient, sequence } = message.packet;
  const answer = events.find((event) => {
    if (!isPacketEvent(event)) return false;
    const found = packetEvent(event, { height: answeredAt, timestamp: 0n, transaction: "" });
    if (found.kind !== "acknowledgementWritten" || found.clientId !== destinationClient) return false;
    return found.sequence === sequence && isErrorAcknowledgement(found.acknowledgements);
  });
  if (answer === undefined) return undefined;
  const reason = reasonBefore(events, answer);
  return { what: "refused", ...(reason === undefined ? {} : { reason }), by: "event" };
}

/** The callback's events stand between the packet's arrival and its answer. */
function reasonBefore(events: readonly BlockEvent[], answer: BlockEvent): string | undefined {
  const earlier = events.filter(({ transaction, index }) => transaction === answer.transaction && index < answer.index);
  const arrival = earlier.findLastIndex(({ type }) => type === "recv_packet");
  return earlier
    .slice(arrival + 1)
    .map(({ attributes }) => attributes.get(ERROR))
    .findLast((text) => text !== undefined && text !== "");
}
