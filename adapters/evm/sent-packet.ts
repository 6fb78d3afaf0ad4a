// Reads from a sending transaction's receipt which packet it sent.
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodeMessageData } from "#adapters/protocol/message-data.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { decodeTransferData } from "#adapters/protocol/transfer-data.ts";
import type { Sent } from "../chain-apps.ts";
import type { Hex } from "./rpc/hex.ts";
import type { Receipt } from "./submit/receipt.ts";
import { eventTopics, packetEvent } from "./watch/packet-events.ts";

const senderOf = ({ payloads }: Packet): string | undefined => {
  const [payload] = payloads;
  if (payload === undefined) return undefined;
  return (decodeTransferData(payload.value) ?? decodeMessageData(payload.value))?.sender.toLowerCase();
};

/**
 * The first packet that `sender` sent: a transaction may carry those of others, too. Addresses are in lower case. Throws RPC_BAD_ANSWER when
 * the receipt shows none.
 */
export function sentPacket(router: Hex, sender: Hex, { logs, blockNumber, transactionHash }: Receipt): Sent {
  for (const log of logs) {
    if (log.address !== router || log.topics[0] !== eventTopics.SendPacket) continue;
    const event = packetEvent(log, 0n);
    if (event.kind === "sent" && senderOf(event.packet) === sender)
      return { packet: event.packet, transaction: transactionHash, height: blockNumber };
  }
  throw new CausewayError("RPC_BAD_ANSWER", `the receipt of ${transactionHash} shows no packet of ${sender}`, {
    context: { transaction: transactionHash },
  });
}
