// What the proof log records: one entry per verdict, intent, outcome or operator's act, as canonical JSON (RFC 8785).
import { utf8 } from "@scure/base";
import canonicalize from "canonicalize";
import * as z from "zod";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { CausewayError } from "#adapters/protocol/error.ts";

/** tlog-tiles bundles give an entry's length in two bytes. */
export const MAX_ENTRY_BYTES = 65_535;

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lowercase hex digits");
const decimal = z.string().regex(/^(0|[1-9][0-9]*)$/, "expected a decimal integer");
const text = z.string().min(1).max(512);

const message = z.strictObject({
  leg: z.enum(["receive", "acknowledge", "timeout"]),
  /** Where the packet was sent: with its source client and sequence this names the packet, in every leg. */
  sourceChain: text,
  sourceClient: text,
  sequence: decimal,
  /** The packet's commitment: what it says, in 32 bytes. */
  commitment: sha256Hex,
});

/** One batch on its way from the chain that is proven to the chain that is convinced. */
const batch = {
  /** The operator's claim, stamped by the log. */
  time: z.iso.datetime(),
  batchId: text,
  /** CAIP-2 id of the chain the evidence is about. */
  sourceChain: text,
  /** CAIP-2 id of the chain that hosts the light client. */
  targetChain: text,
  clientId: text,
  /** messages[i] is proven by the envelope's claims[i], or by claims[part.first + i]. */
  messages: z.array(message),
  /** A batch of many is told in several entries: the place of this one's first message, and how many the batch has. */
  part: z.strictObject({ first: z.int().min(0), of: z.int().min(1) }).optional(),
  /** sha256 of the canonical envelope bytes, or of the evidence that is no envelope, kept as a blob. */
  envelope: sha256Hex,
  /** Absent for an envelope. A report of misbehaviour is judged by other rules, and freezes the light client. */
  evidence: z.literal("misbehaviour").optional(),
};

const verdict = z.discriminatedUnion("ok", [
  z.strictObject({ ok: z.literal(true), height: decimal, timestamp: decimal }),
  z.strictObject({
    ok: z.literal(false),
    reason: z.enum(Object.keys(reasons) as [Reason, ...Reason[]]),
    at: z.string(),
  }),
]);

const delivery = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("delivered") }),
  z.strictObject({ status: z.literal("already") }),
  z.strictObject({ status: z.literal("refused"), reason: z.string() }),
  /** There was no room for it in the transaction. */
  z.strictObject({ status: z.literal("left") }),
]);

export const logEntry = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("verdict"),
    ...batch,
    /** The chain family whose pure verifier judged. */
    family: text,
    /** sha256 of the trusted state it judged against, kept as a blob. */
    trusted: sha256Hex,
    /** Unix seconds on the target chain's clock, the verifier's input. */
    now: decimal,
    verdict,
  }),
  /** Appended before the transaction is signed. */
  z.strictObject({ kind: z.literal("intent"), ...batch }),
  z.strictObject({
    kind: z.literal("outcome"),
    ...batch,
    /** Absent when nothing had to be sent. */
    transaction: z.strictObject({ id: text, height: decimal, fee: decimal }).optional(),
    /** Same order as `messages`. */
    deliveries: z.array(delivery),
  }),
  /** What concerns the operation of the relayer itself: starts, stops, gaps, disabled checks, keys. */
  z.strictObject({
    kind: z.literal("control"),
    time: z.iso.datetime(),
    event: text,
    detail: z.record(z.string(), z.string()).optional(),
  }),
]);

export type LogEntry = z.infer<typeof logEntry>;
export type LogMessage = z.infer<typeof message>;
type WithoutTime<T> = T extends unknown ? Omit<T, "time"> : never;
/** An entry to append; the log stamps its time. */
export type NewLogEntry = WithoutTime<LogEntry>;

/** Names a packet: the chain and light client it was sent from, and its sequence. */
export type PacketName = Pick<LogMessage, "sourceChain" | "sourceClient" | "sequence">;

/** Undefined for what JSON cannot carry (lone surrogates). */
function canonicalText(entry: LogEntry): string | undefined {
  try {
    return canonicalize(entry);
  } catch {
    return undefined;
  }
}

/** Canonical bytes, the leaf of the tree. Throws INVALID_ARGUMENT for what is no entry, or is larger than MAX_ENTRY_BYTES. */
export function encodeEntry(entry: LogEntry): Uint8Array {
  const parsed = logEntry.safeParse(entry);
  if (!parsed.success)
    throw new CausewayError("INVALID_ARGUMENT", `not a proof log entry: ${z.prettifyError(parsed.error)}`);
  const text = canonicalText(parsed.data);
  if (text === undefined)
    throw new CausewayError("INVALID_ARGUMENT", "not a proof log entry: a string is not well-formed Unicode");
  const bytes = utf8.decode(text);
  if (bytes.length > MAX_ENTRY_BYTES)
    throw new CausewayError("INVALID_ARGUMENT", `a proof log entry has at most ${MAX_ENTRY_BYTES} bytes`, {
      context: { bytes: bytes.length },
      hint: "use smaller batches",
    });
  return bytes;
}

/** Undefined when the bytes are not the canonical encoding of an entry. */
export function decodeEntry(bytes: Uint8Array): LogEntry | undefined {
  try {
    const text = utf8.encode(bytes);
    const { data } = logEntry.safeParse(JSON.parse(text));
    return data !== undefined && canonicalText(data) === text ? data : undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 hashes of the evidence an entry refers to. */
export function evidenceOf(entry: LogEntry): string[] {
  if (entry.kind === "control") return [];
  return entry.kind === "verdict" ? [entry.envelope, entry.trusted] : [entry.envelope];
}
