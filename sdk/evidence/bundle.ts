// An audit bundle: everything needed to judge one packet again, in one file, as canonical JSON (RFC 8785).
import { base64, utf8 } from "@scure/base";
import canonicalize from "canonicalize";
import * as z from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Packet } from "#adapters/protocol/packet.ts";

const FORMAT = "causeway-audit-bundle/1";

function lengthOf(value: string): number | undefined {
  try {
    return base64.decode(value).length;
  } catch {
    return undefined;
  }
}

const decimal = z.string().regex(/^(0|[1-9][0-9]{0,19})$/, "expected a decimal integer");
const text = z.string().max(65_535);
const bytes = z.string().refine((value) => lengthOf(value) !== undefined, "expected canonical base64");
const hash = z.string().refine((value) => lengthOf(value) === 32, "expected 32 bytes in canonical base64");

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
  utf8.decode(canonicalize({ format: FORMAT, ...value }) ?? "");

/**
 * Accepts exactly what encodeBundle makes. Throws BUNDLE_INVALID, naming the field, for anything else: a byte that could
 * be altered unnoticed has no place in evidence.
 */
export function decodeBundle(file: Uint8Array): Bundle {
  let json: unknown;
  try {
    json = JSON.parse(utf8.encode(file));
  } catch (cause) {
    // What the cause says differs from one JavaScript engine to the next; a report does not.
    throw new CausewayError("BUNDLE_INVALID", "the file is not JSON", { cause });
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
    return canonicalize(value) === utf8.encode(file);
  } catch {
    return false;
  }
}

export const packetOf = ({ packet }: Bundle): Packet => ({
  sequence: BigInt(packet.sequence),
  sourceClient: packet.sourceClient,
  destinationClient: packet.destinationClient,
  timeoutTimestamp: BigInt(packet.timeoutTimestamp),
  payloads: packet.payloads.map((payload) => ({ ...payload, value: base64.decode(payload.value) })),
});
