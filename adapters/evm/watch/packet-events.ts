// The router's events as packet events.
import { decodeEventLog, encodeEventTopics, keccak256, stringToHex } from "viem/utils";
import type { PacketEvent } from "#adapters/adapter.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { abi } from "../../../contracts/evm/bindings/IPacketRouter.ts";
import { fromAbiPacket } from "../packet-abi.ts";
import { fromHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Log } from "../rpc/logs.ts";

const kinds = {
  SendPacket: "sent",
  RecvPacket: "received",
  WriteAcknowledgement: "acknowledgementWritten",
  AckPacket: "acknowledged",
  TimeoutPacket: "timedOut",
} as const;

type EventName = keyof typeof kinds;

const topicOf = (eventName: EventName | "Noop" | "CallbackFailed"): Hex => {
  const [topic] = encodeEventTopics({ abi, eventName });
  return topic;
};

/** First topic of each router event. */
export const eventTopics = {
  SendPacket: topicOf("SendPacket"),
  RecvPacket: topicOf("RecvPacket"),
  WriteAcknowledgement: topicOf("WriteAcknowledgement"),
  AckPacket: topicOf("AckPacket"),
  TimeoutPacket: topicOf("TimeoutPacket"),
  Noop: topicOf("Noop"),
  CallbackFailed: topicOf("CallbackFailed"),
} as const;

export const packetTopics: readonly Hex[] = (Object.keys(kinds) as EventName[]).map((name) => eventTopics[name]);

/** How an indexed client id and sequence appear among the topics. */
export const clientTopic = (clientId: string): Hex => keccak256(stringToHex(clientId));
export const sequenceTopic = (sequence: bigint): Hex => `0x${sequence.toString(16).padStart(64, "0")}`;

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
  const { eventName, args } = decoded;
  if (!(eventName in kinds) || !("packet" in args)) throw bad();
  const packet = fromAbiPacket(args.packet);
  const clientId =
    eventName === "RecvPacket" || eventName === "WriteAcknowledgement" ? packet.destinationClient : packet.sourceClient;
  if (indexed[0] !== clientTopic(clientId) || indexed[1] !== sequenceTopic(packet.sequence)) throw bad();
  const place = {
    packet,
    height: log.blockNumber,
    timestamp,
    transaction: log.transactionHash,
    index: Number(log.logIndex),
  };
  const kind = kinds[eventName as EventName];
  if (kind !== "acknowledgementWritten") return { kind, ...place };
  if (!("acknowledgements" in args)) throw bad();
  return { kind, ...place, acknowledgements: args.acknowledgements.map(fromHex) };
}
