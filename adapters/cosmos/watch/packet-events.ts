// The events of IBC v2 as packet events (ibc-go modules/core/04-channel/v2/keeper/events.go). Those of v1 have the same names and no client ids.
import { hexToBytes } from "@noble/hashes/utils.js";
import type { PacketEvent } from "#adapters/packet-event.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { message, repeated } from "#adapters/protocol/protobuf-message.ts";
import type { BlockEvent } from "../rpc/block-results.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";

const kinds = {
  send_packet: "sent",
  recv_packet: "received",
  write_acknowledgement: "acknowledgementWritten",
  acknowledge_packet: "acknowledged",
  timeout_packet: "timedOut",
} as const satisfies Record<string, PacketEvent["kind"]>;

const SOURCE_CLIENT = "packet_source_client";

const kindOf = ({ type, attributes }: BlockEvent): PacketEvent["kind"] | undefined =>
  attributes.has(SOURCE_CLIENT) && Object.hasOwn(kinds, type) ? kinds[type as keyof typeof kinds] : undefined;

/** Whether events of this type may be some of IBC v2's. */
export const isPacketEventType = (type: string): boolean => Object.hasOwn(kinds, type);

/** Whether the event is one of IBC v2's. */
export const isPacketEvent = (event: BlockEvent): boolean => kindOf(event) !== undefined;

/** ibc.core.channel.v2.Acknowledgement */
const acknowledgement = message({
  appAcknowledgements: [1, repeated({ encode: (value: Uint8Array) => value, decode: (value) => value })],
});

function fromHex(text: string | undefined): Uint8Array {
  try {
    return hexToBytes(text ?? "");
  } catch {
    return new Uint8Array();
  }
}

export interface EventBlock {
  readonly height: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  /** The id of the event's transaction. */
  readonly transaction: string;
}

/** Throws RPC_BAD_ANSWER for an event that is none, or whose parts do not fit each other. */
export function packetEvent(event: BlockEvent, place: EventBlock): PacketEvent {
  const { attributes, index } = event;
  const kind = kindOf(event);
  const packet = decodePacket(fromHex(attributes.get("encoded_packet_hex")));
  const bad = (what: string): CausewayError =>
    new CausewayError("RPC_BAD_ANSWER", `event ${index} of block ${place.height} is no packet event: ${what}`);
  if (kind === undefined || packet === undefined) throw bad("its packet does not decode");
  if (!isNamed(packet, attributes)) throw bad("it names another packet than it carries");
  const isOfSource = kind === "sent" || kind === "acknowledged" || kind === "timedOut";
  const clientId = isOfSource ? packet.sourceClient : packet.destinationClient;
  const found = { clientId, sequence: packet.sequence, ...place, index };
  if (kind === "sent") return { kind, ...found, packet };
  if (kind !== "acknowledgementWritten") return { kind, ...found };
  const written = decodeExactly(acknowledgement, fromHex(attributes.get("encoded_acknowledgement_hex")));
  if (written === undefined || written.appAcknowledgements.length === 0)
    throw bad("its acknowledgement does not decode");
  return { kind, ...found, acknowledgements: written.appAcknowledgements };
}

const isNamed = (packet: Packet, attributes: BlockEvent["attributes"]): boolean =>
  attributes.get(SOURCE_CLIENT) === packet.sourceClient &&
  attributes.get("packet_dest_client") === packet.destinationClient &&
  attributes.get("packet_sequence") === packet.sequence.toString();
