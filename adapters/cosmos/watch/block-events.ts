// The packet events of one block, with the transactions they are in.
import type { PacketEvent } from "#adapters/packet-event.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { unlessCancelled } from "../../pause.ts";
import type { ChainContext } from "../context.ts";
import type { BlockHeader } from "../rpc/block.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { isPacketEvent, packetEvent } from "./packet-events.ts";

/**
 * In their order. What a block did without a transaction (a proposal that passed, say) has the block's hash in its stead. Throws RPC_STALE when
 * the endpoint does not have the block's results.
 */
export async function getPacketEvents(
  { blocks }: Pick<ChainContext, "blocks">,
  endpoint: CometEndpoint,
  { height, hash, timestamp }: BlockHeader,
  signal?: AbortSignal,
): Promise<readonly PacketEvent[]> {
  const results = await unlessCancelled(blocks.results(endpoint, height), signal);
  const events = results.events.filter(isPacketEvent);
  // Most blocks have none, and their transactions are nobody's business.
  const isInTransaction = events.some(({ transaction }) => transaction !== undefined);
  const ids = isInTransaction ? await unlessCancelled(blocks.transactionIds(endpoint, height), signal) : [];
  return events.map((event) => {
    const transaction = event.transaction === undefined ? hash : ids[event.transaction];
    if (transaction !== undefined) return packetEvent(event, { height, timestamp, transaction });
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `${endpoint.name} has results of more transactions than block ${height}`,
      {
        context: { endpoint: endpoint.name, height },
      },
    );
  });
}
