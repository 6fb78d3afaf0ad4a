// What became of each message of an included batch, from the router's events.
import { decodeEventLog } from "viem/utils";
import type { Message } from "#adapters/message.ts";
import type { Delivery } from "#adapters/target-chain.ts";
import { abi } from "../../../contracts/evm/bindings/IPacketRouter.ts";
import { describeRevert } from "../rpc/read-contract.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Log } from "../rpc/logs.ts";
import { clientTopic, eventTopics, sequenceTopic } from "../watch/packet-events.ts";

const successTopics: Readonly<Record<Message["kind"], readonly Hex[]>> = {
  // The second when the application acknowledged at once.
  receive: [eventTopics.RecvPacket, eventTopics.WriteAcknowledgement],
  acknowledge: [eventTopics.AckPacket],
  timeout: [eventTopics.TimeoutPacket],
};

/** `clientId`: the light client of the batch, which every event of it names. Undefined for messages without any event. */
export function outcomes(
  router: Hex,
  clientId: string,
  messages: readonly Message[],
  logs: readonly Log[],
): (Delivery | undefined)[] {
  const client = clientTopic(clientId);
  const ours = logs.filter(({ address, topics }) => address === router && topics[1] === client);
  const find = (topic: Hex, sequence: bigint): Log | undefined =>
    ours.find(({ topics }) => topics[0] === topic && topics[2] === sequenceTopic(sequence));
  return messages.map(({ kind, packet: { sequence } }): Delivery | undefined => {
    if (successTopics[kind].some((topic) => find(topic, sequence) !== undefined)) return { status: "delivered" };
    const failed = find(eventTopics.CallbackFailed, sequence);
    if (failed !== undefined) return { status: "refused", reason: callbackReason(failed) };
    return find(eventTopics.Noop, sequence) === undefined ? undefined : { status: "already" };
  });
}

function callbackReason({ topics, data }: Log): string {
  const [signature, ...indexed] = topics;
  if (signature === undefined) return "CallbackFailed";
  try {
    const { args } = decodeEventLog({ abi, eventName: "CallbackFailed", topics: [signature, ...indexed], data });
    return `the application failed: ${describeRevert(args.reason).detail}`;
  } catch {
    return "the application failed";
  }
}
