// One batch as the messages of a transaction: the light client's updates first, then each packet message with its proof.
import type { Any } from "cosmjs-types/google/protobuf/any";
import type { Height } from "cosmjs-types/ibc/core/client/v1/client";
import { MsgUpdateClient } from "cosmjs-types/ibc/core/client/v1/tx";
import { MsgAcknowledgement, MsgRecvPacket, MsgTimeout } from "cosmjs-types/ibc/core/channel/v2/tx";
import { Packet as PacketCodec } from "cosmjs-types/ibc/core/channel/v2/packet";
import type { Message } from "#adapters/message.ts";
import type { Packet } from "#adapters/protocol/packet.ts";

interface Codec<T> {
  readonly typeUrl: string;
  encode(message: T): { finish(): Uint8Array };
}

/** A message as transactions carry it. */
export const anyOf = <T>(codec: Codec<T>, message: T): Any => ({
  typeUrl: codec.typeUrl,
  value: codec.encode(message).finish(),
});

export const updateClient = (clientId: string, clientMessage: Any, signer: string): Any =>
  anyOf(MsgUpdateClient, { clientId, clientMessage, signer });

export interface ProvenMessage {
  readonly message: Message;
  /** As the light client takes it. */
  readonly proof: Uint8Array;
}

const packetOf = ({ sequence, sourceClient, destinationClient, timeoutTimestamp, payloads }: Packet): PacketCodec => ({
  sequence,
  sourceClient,
  destinationClient,
  timeoutTimestamp,
  payloads: payloads.map((payload) => ({ ...payload })),
});

/** `proofHeight`: at which all of a batch is proven. */
export function packetMessage({ message, proof }: ProvenMessage, proofHeight: Height, signer: string): Any {
  const packet = packetOf(message.packet);
  if (message.kind === "receive") return anyOf(MsgRecvPacket, { packet, proofCommitment: proof, proofHeight, signer });
  if (message.kind === "timeout") return anyOf(MsgTimeout, { packet, proofUnreceived: proof, proofHeight, signer });
  const acknowledgement = { appAcknowledgements: [...message.acknowledgements] };
  return anyOf(MsgAcknowledgement, { packet, acknowledgement, proofAcked: proof, proofHeight, signer });
}
