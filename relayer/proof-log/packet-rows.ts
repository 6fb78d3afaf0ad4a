// The rows by which the log's entries about a packet are found.
import type { LogEntry } from "#sdk/evidence/log-entry.ts";

/** Source chain, source client, sequence and index of each packet an entry is about. */
export function packetRows(entry: LogEntry, index: bigint): string[][] {
  if (entry.kind === "control") return [];
  return entry.messages.map((message) => [
    message.sourceChain,
    message.sourceClient,
    message.sequence,
    index.toString(),
  ]);
}
