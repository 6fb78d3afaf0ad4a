// What became of each packet message of a transaction that was carried out, by what the chain answered to it.
import type { Any } from "cosmjs-types/google/protobuf/any";
import {
  MsgAcknowledgement,
  MsgAcknowledgementResponse,
  MsgRecvPacket,
  MsgRecvPacketResponse,
  MsgTimeout,
  MsgTimeoutResponse,
  ResponseResultType,
} from "cosmjs-types/ibc/core/channel/v2/tx";
import type { Message } from "#adapters/message.ts";
import type { Delivery } from "#adapters/target-chain.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Included } from "./included.ts";

interface Answer {
  readonly typeUrl: string;
  decode(bytes: Uint8Array): { readonly result: ResponseResultType };
}

interface PacketMessage {
  readonly kind: Message["kind"];
  readonly typeUrl: string;
  readonly answer: Answer;
  decode(bytes: Uint8Array): { readonly packet: { readonly sourceClient: string; readonly sequence: bigint } };
}

const packetMessages: readonly PacketMessage[] = [
  {
    kind: "receive",
    typeUrl: MsgRecvPacket.typeUrl,
    answer: MsgRecvPacketResponse,
    decode: (bytes) => MsgRecvPacket.decode(bytes),
  },
  {
    kind: "acknowledge",
    typeUrl: MsgAcknowledgement.typeUrl,
    answer: MsgAcknowledgementResponse,
    decode: (bytes) => MsgAcknowledgement.decode(bytes),
  },
  {
    kind: "timeout",
    typeUrl: MsgTimeout.typeUrl,
    answer: MsgTimeoutResponse,
    decode: (bytes) => MsgTimeout.decode(bytes),
  },
];

/** A packet is named by its source chain's client id and its sequence, in whichever light client's transaction it is. */
const nameOf = (kind: Message["kind"], packet: { readonly sourceClient: string; readonly sequence: bigint }): string =>
  `${kind} ${packet.sourceClient} ${packet.sequence}`;

function deliveryOf(answer: Answer, response: Any | undefined): Delivery {
  // A chain that does not tell has carried the message out: the transaction succeeded as a whole.
  if (response?.typeUrl !== answer.typeUrl) return { status: "delivered" };
  const { result } = answer.decode(response.value);
  // A failure is the application's: the packet was received, and answered with an error.
  return { status: result === ResponseResultType.RESPONSE_RESULT_TYPE_NOOP ? "already" : "delivered" };
}

/** Same order as the messages; undefined for those that the transaction did not carry. Throws RPC_BAD_ANSWER. */
export function outcomes(
  messages: readonly Message[],
  included: Pick<Included, "messages" | "responses">,
): (Delivery | undefined)[] {
  const found = new Map<string, Delivery>();
  try {
    for (const [index, { typeUrl, value }] of included.messages.entries()) {
      const known = packetMessages.find((each) => each.typeUrl === typeUrl);
      if (known !== undefined)
        found.set(nameOf(known.kind, known.decode(value).packet), deliveryOf(known.answer, included.responses[index]));
    }
  } catch (cause) {
    throw new CausewayError("RPC_BAD_ANSWER", "the answers of a transaction's messages do not decode", { cause });
  }
  return messages.map(({ kind, packet }) => found.get(nameOf(kind, packet)));
}
