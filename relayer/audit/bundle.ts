// An audit bundle: everything needed to judge one packet again, in one file, as canonical JSON (RFC 8785).
import canonicalize from "canonicalize";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Packet } from "#adapters/protocol/packet.ts";

const FORMAT = "causeway-audit-bundle/1";

const decimal = z.string().regex(/^(0|[1-9][0-9]{0,19})$/, "expected a decimal integer");
const text = z.string().max(65_535);
const bytes = z
  .string()
  .refine((value) => Buffer.from(value, "base64").toString("base64") === value, "expected canonical base64");
const hash = bytes.refine((value) => Buffer.from(value, "base64").length === 32, "expected 32 bytes");

const bundle = z.strictObject({
  format: z.literal(FORMAT),
  /** CAIP-2 ids of the packet's chains. */
  sourceChain: text,
  destinationChain: text,
  packet: z.strictObject({
    sequence: decimal,
    sourceClient: text,
    destinationClient: text,
    /** Unix seconds. */
    timeoutTimestamp: decimal,
    payloads: z.array(
      z.strictObject({
        sourcePort: text,
        destinationPort: text,
        version: text,
        encoding: text,
        value: bytes,
      }),
    ),
  }),
  /** One per payload, or the one universal error; absent without an acknowledgement leg. */
  acknowledgements: z.array(bytes).optional(),
  /** Everything the log says about the packet, oldest first. */
  entries: z.array(
    z.strictObject({
      index: decimal,
      /** Canonical bytes of the entry, as text. */
      entry: text,
      /** RFC 6962 inclusion proof in the checkpoint's tree. */
      proof: z.array(hash).max(64),
    }),
  ),
  /** Envelopes and trusted states by the SHA-256 that the entries name them by. */
  evidence: z.record(z.string().regex(/^[0-9a-f]{64}$/), bytes),
  /** C2SP signed note. */
  checkpoint: text,
  /** The log's verifier key. */
  logKey: text,
});

export type Bundle = z.infer<typeof bundle>;
export type NewBundle = Omit<Bundle, "format">;

export const encodeBundle = (value: NewBundle): Uint8Array =>
  Buffer.from(canonicalize({ format: FORMAT, ...value }) ?? "");

/**
 * Accepts exactly what encodeBundle makes. Throws BUNDLE_INVALID, naming the field, for anything else: a byte that could
 * be altered unnoticed has no place in evidence.
 */
export function decodeBundle(file: Uint8Array): Bundle {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file));
  } catch (cause) {
    throw new CausewayError("BUNDLE_INVALID", `the file is not JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = bundle.safeParse(json);
  if (!parsed.success)
    throw new CausewayError("BUNDLE_INVALID", `the file is no audit bundle: ${z.prettifyError(parsed.error)}`);
  if (!isCanonical(parsed.data, file))
    throw new CausewayError("BUNDLE_INVALID", "the file is not canonical JSON: it was edited or reformatted");
  return parsed.data;
}

function isCanonical(value: Bundle, file: Uint8Array): boolean {
  try {
    return Buffer.from(canonicalize(value) ?? "").equals(file);
  } catch {
    return false;
  }
}

export const packetOf = ({ packet }: Bundle): Packet => ({
  sequence: BigInt(packet.sequence),
  sourceClient: packet.sourceClient,
  destinationClient: packet.destinationClient,
  timeoutTimestamp: BigInt(packet.timeoutTimestamp),
  payloads: packet.payloads.map((payload) => ({ ...payload, value: Buffer.from(payload.value, "base64") })),
});
