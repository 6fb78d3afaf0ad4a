// What an application had against a message: by the router's events, which carry the revert's bytes, else by calling it again without effect.
import { decodeEventLog } from "viem/utils";
import type { Complaint, ComplaintQuery } from "#adapters/lookup.ts";
import { abi } from "../../../contracts/evm/bindings/IPacketRouter.ts";
import type { ChainContext } from "../context.ts";
import type { Hex } from "../rpc/hex.ts";
import { getLogs } from "../rpc/logs.ts";
import type { Log } from "../rpc/logs.ts";
import { describeRevert } from "../rpc/read-contract.ts";
import { clientTopic, eventTopics, sequenceTopic } from "../watch/packet-events.ts";
import { logsBackwards } from "./events.ts";
import { tryCallback } from "./try-callback.ts";

export async function complaint(
  context: ChainContext,
  query: ComplaintQuery,
  signal: AbortSignal,
): Promise<Complaint | undefined> {
  const { answeredAt } = query;
  return answeredAt === undefined ? failure(context, query, signal) : refusal(context, query, answeredAt, signal);
}

/** The light client here that the message's packet goes through. */
const clientOf = ({ message: { kind, packet } }: ComplaintQuery): string =>
  kind === "receive" ? packet.destinationClient : packet.sourceClient;

async function refusal(
  context: ChainContext,
  query: ComplaintQuery,
  height: bigint,
  signal: AbortSignal,
): Promise<Complaint | undefined> {
  const { sequence } = query.message.packet;
  const topics = [eventTopics.PacketRefused, clientTopic(clientOf(query)), sequenceTopic(sequence)];
  const address = context.config.router;
  const answer = await context.execution.use((endpoint) =>
    getLogs(endpoint, { address, topics, from: height, to: height }, signal),
  );
  const [found] = answer.ok ? answer.logs : [];
  if (found !== undefined) return { what: "refused", reason: reasonOf("PacketRefused", found), by: "event" };
  const trial = await tryCallback(context, query.message, height - 1n, signal);
  return typeof trial === "string" ? undefined : { what: "refused", reason: trial.detail, by: "trial" };
}

/** It failed before, and would fail again now. A receiver that has come to give a reason is no failure: the packet is refused next time. */
async function failure(
  context: ChainContext,
  query: ComplaintQuery,
  signal: AbortSignal,
): Promise<Complaint | undefined> {
  const found = await newestFailure(context, query, signal);
  if (found === undefined) return undefined;
  const reason = reasonOf("CallbackFailed", found);
  const trial = await tryCallback(context, query.message, undefined, signal);
  if (trial === "takes it") return undefined;
  if (trial === "unknown") return { what: "failed", reason, by: "event" };
  if (trial.error === SILENT) return { what: "failed", by: "trial" };
  return query.message.kind === "receive" ? undefined : { what: "failed", reason: trial.detail, by: "trial" };
}

async function newestFailure(
  context: ChainContext,
  query: ComplaintQuery,
  signal: AbortSignal,
): Promise<Log | undefined> {
  const place = { clientId: clientOf(query), sequence: query.message.packet.sequence };
  for await (const { logs, timestamp } of logsBackwards(context, [eventTopics.CallbackFailed], place, signal))
    if (logs.length > 0 || timestamp < query.since) return logs[0];
  return undefined;
}

/** How a revert without bytes is described. */
const SILENT = describeRevert("0x").error;

function reasonOf(eventName: "PacketRefused" | "CallbackFailed", { topics, data }: Log): string | undefined {
  const [signature, ...indexed] = topics as [Hex, ...Hex[]];
  try {
    const { reason } = decodeEventLog({ abi, eventName, topics: [signature, ...indexed], data }).args;
    return reason === "0x" ? undefined : describeRevert(reason).detail;
  } catch {
    return undefined;
  }
}
