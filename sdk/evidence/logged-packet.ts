// What the log says about the packet of a bundle: its entries, decoded and found in the signed tree, with their evidence.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { base64, utf8 } from "@scure/base";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { decodeEntry, evidenceOf } from "./log-entry.ts";
import type { LogEntry, LogMessage } from "./log-entry.ts";
import type { LogHead } from "./checkpoint.ts";
import { leafHash, verifyInclusion } from "./tree.ts";
import { packetOf } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import type { Checks } from "./report.ts";

export type BatchEntry = Exclude<LogEntry, { kind: "control" }>;
export type VerdictEntry = Extract<BatchEntry, { kind: "verdict" }>;
export type OutcomeEntry = Extract<BatchEntry, { kind: "outcome" }>;

/** One entry about the packet, and which of the batch's messages carries it. */
export interface Logged<Entry extends BatchEntry = BatchEntry> {
  readonly index: bigint;
  readonly entry: Entry;
  readonly position: number;
  readonly leg: LogMessage["leg"];
}

/** Whether evidence travels as the leg demands: receive with the packet, the others against it. */
function wrongWay(entry: BatchEntry, leg: LogMessage["leg"], bundle: Bundle): string | undefined {
  const { sourceChain, destinationChain, packet } = bundle;
  const [from, to, client] =
    leg === "receive"
      ? [sourceChain, destinationChain, packet.destinationClient]
      : [destinationChain, sourceChain, packet.sourceClient];
  if (entry.sourceChain !== from) return `the evidence is about ${entry.sourceChain}, not ${from}`;
  if (entry.targetChain !== to) return `the evidence is for ${entry.targetChain}, not ${to}`;
  return entry.clientId === client ? undefined : `the evidence is for light client ${entry.clientId}, not ${client}`;
}

function aboutPacket(entry: BatchEntry, position: number, packet: Packet, bundle: Bundle): string | undefined {
  const message = entry.messages[position];
  if (message === undefined) return "the entry is not about this packet";
  // Evidence for other contents may have been offered, and refused, before.
  const refused = entry.kind === "verdict" && !entry.verdict.ok;
  if (!refused && message.commitment !== bytesToHex(packetCommitment(packet)))
    return "the packet's contents are not those the log recorded";
  return wrongWay(entry, message.leg, bundle);
}

/** Every entry is checked; only those that hold are returned. */
export function loggedPacket(bundle: Bundle, checkpoint: LogHead | undefined, checks: Checks): Logged[] {
  const packet = packetOf(bundle);
  let previous = -1n;
  return bundle.entries.flatMap(({ index: decimal, entry: text, proof }) => {
    const index = BigInt(decimal);
    const name = `entry ${decimal}`;
    const bytes = utf8.decode(text);
    const inOrder = index > previous;
    previous = index;
    const included =
      checkpoint !== undefined &&
      verifyInclusion({
        ...checkpoint,
        leaf: leafHash(bytes),
        index,
        proof: proof.map((hash) => base64.decode(hash)),
      });
    const entry = decodeEntry(bytes);
    const outside = !inOrder
      ? "the entries are not in the log's order"
      : !included
        ? "the inclusion proof does not lead to the checkpoint"
        : entry === undefined || entry.kind === "control"
          ? "not an entry about a packet"
          : undefined;
    if (outside !== undefined || entry === undefined || entry.kind === "control") {
      checks.check(name, outside, "");
      return [];
    }
    const position = entry.messages.findIndex(
      (message) =>
        message.sourceChain === bundle.sourceChain &&
        message.sourceClient === packet.sourceClient &&
        message.sequence === bundle.packet.sequence,
    );
    const problem = aboutPacket(entry, position, packet, bundle);
    const leg = entry.messages[position]?.leg ?? "receive";
    if (!checks.check(name, problem, `in the log: ${entry.kind} of the ${leg} leg, ${entry.time}`)) return [];
    return [{ index, entry, position, leg }];
  });
}

/** The evidence by hash, when all of it is there, unaltered, and nothing else. */
export function checkedEvidence(
  bundle: Bundle,
  logged: readonly Logged[],
  checks: Checks,
): ReadonlyMap<string, Uint8Array> {
  const evidence = new Map<string, Uint8Array>();
  const named = new Set(logged.flatMap(({ entry }) => evidenceOf(entry)));
  for (const [hash, encoded] of Object.entries(bundle.evidence)) {
    const bytes = base64.decode(encoded);
    const problem =
      bytesToHex(sha256(bytes)) === hash
        ? named.has(hash)
          ? undefined
          : "no valid entry names it"
        : "the evidence was altered: it does not have this hash";
    if (checks.check(`evidence ${hash.slice(0, 16)}…`, problem, `${bytes.length} bytes`)) evidence.set(hash, bytes);
  }
  for (const hash of named)
    if (bundle.evidence[hash] === undefined)
      checks.check(`evidence ${hash.slice(0, 16)}…`, "the evidence is missing", "");
  return evidence;
}
