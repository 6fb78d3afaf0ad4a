// The router's events as packet events.
import { decodeEventLog, encodeEventTopics, keccak256, stringToHex } from "viem/utils";
import type { PacketEvent } from "#adapters/packet-event.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { abi } from "../../../contracts/evm/bindings/IPacketRouter.ts";
import { fromAbiPacket } from "../packet-abi.ts";
import { fromHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Log } from "../rpc/logs.ts";

type PacketEventName = "SendPacket" | "RecvPacket" | "WriteAcknowledgement" | "AckPacket" | "TimeoutPacket";

const topicOf = (eventName: PacketEventName | "Noop" | "CallbackFailed" | "PacketRefused"): Hex => {
  const [topic] = encodeEventTopics({ abi, eventName });
  return topic;
};

const packetEventTopics: Readonly<Record<PacketEventName, Hex>> = {
  SendPacket: topicOf("SendPacket"),
  RecvPacket: topicOf("RecvPacket"),
  WriteAcknowledgement: topicOf("WriteAcknowledgement"),
  AckPacket: topicOf("AckPacket"),
  TimeoutPacket: topicOf("TimeoutPacket"),
};

export const packetTopics: readonly Hex[] = Object.values(packetEventTopics);

/** First topic of each router event. */
export const eventTopics = {
  ...packetEventTopics,
  Noop: topicOf("Noop"),
  CallbackFailed: topicOf("CallbackFailed"),
  PacketRefused: topicOf("PacketRefused"),
} as const;

/** How an indexed client id and sequence appear among the topics. */
export const clientTopic = (clientId: string): Hex => keccak256(stringToHex(clientId));
export const sequenceTopic = (sequence: bigint): Hex => `0x${sequence.toString(16).padStart(64, "0")}`;

const MAX_UINT64 = (1n << 64n) - 1n;

/** `timestamp`: Unix seconds of the log's block. Throws RPC_BAD_ANSWER for bytes that are no such event. */
export function packetEvent(log: Log, timestamp: bigint): PacketEvent {
  const [signature, ...indexed] = log.topics;
  const bad = (cause?: unknown): CausewayError =>
    new CausewayError("RPC_BAD_ANSWER", `log ${log.logIndex} of block ${log.blockNumber} is no packet event`, {
      cause,
    });
  if (signature === undefined) throw bad();
  let decoded;
  try {
    decoded = decodeEventLog({ abi, topics: [signature, ...indexed], data: log.data });
  } catch (cause) {
    throw bad(cause);
  }
  /** The topics hold the client id's hash, the data its text. */
  const place = (clientId: string, sequence: bigint) => {
    if (indexed[0] !== clientTopic(clientId) || sequence > MAX_UINT64) throw bad();
    const { blockNumber: height, transactionHash: transaction } = log;
    return { clientId, sequence, height, timestamp, transaction, index: Number(log.logIndex) };
  };
  switch (decoded.eventName) {
    case "SendPacket": {
      const packet = fromAbiPacket(decoded.args.packet);
      if (packet.sequence !== decoded.args.sequence) throw bad();
      return { kind: "sent", ...place(packet.sourceClient, packet.sequence), packet };
    }
    case "RecvPacket":
      return { kind: "received", ...place(decoded.args.packet.destClient, decoded.args.sequence) };
    case "WriteAcknowledgement": {
      const { destClient, sequence, acknowledgements } = decoded.args;
      const written = acknowledgements.map(fromHex);
      return { kind: "acknowledgementWritten", ...place(destClient, sequence), acknowledgements: written };
    }
    case "AckPacket":
      return { kind: "acknowledged", ...place(decoded.args.sourceClient, decoded.args.sequence) };
    case "TimeoutPacket":
      return { kind: "timedOut", ...place(decoded.args.sourceClient, decoded.args.sequence) };
    default:
      throw bad();
  }
}
