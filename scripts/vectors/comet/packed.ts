// What the Solidity light client is called with for a vector, where a contract sees what is wrong with the evidence.
import { packCometProof } from "#adapters/evm/pack/comet-proof.ts";
import { packCometMisbehaviour, packCometUpdate } from "#adapters/evm/pack/comet-update.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import { ProtobufError } from "#adapters/protocol/protobuf.ts";
import { SszError } from "#adapters/protocol/ssz.ts";
import { toHex } from "../vector.ts";
import type { Vector } from "../vector.ts";

/** Of envelopes; and of states of which no light client is made. */
const UNSEEN = /^(envelope|state|report-to-a-state)-/;

/** What a packing leaves out: with it the evidence is in order, or wrong for another reason. */
const LEFT_OUT = new Set([
  "absence-of-a-longer-key",
  "absence-of-no-key",
  "key-put-in",
  "proof-of-both-kinds",
  "proof-with-an-unknown-field",
  "form-absent-with-address",
  "form-absent-with-nanos",
  "form-absent-with-signature",
  "form-absent-with-time",
  "form-absent-with-whole-seconds",
  "form-fields-in-another-order",
  "form-length-of-two-bytes-too-many",
  "form-set-with-a-strange-proposer",
  "form-set-with-a-total",
  "form-set-with-another-proposer",
  "form-set-without-proposer",
  "form-trusted-set-with-a-strange-proposer",
  "form-trusted-set-with-a-total",
  "form-trusted-set-with-another-proposer",
  "form-trusted-set-without-proposer",
  "form-trusted-validator-with-a-priority",
  "form-trusted-validator-with-another-address",
  "form-trusted-validator-without-address",
  "form-unknown-field",
  "form-unknown-field-zero",
  "form-validator-with-a-priority",
  "form-validator-with-another-address",
  "form-validator-without-address",
  "form-vote-for-nil",
  "form-vote-for-nil-not-needed",
  "form-vote-of-another-flag",
  "form-vote-of-no-flag",
]);

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));

function packEnvelope(bytes: Uint8Array) {
  const { updates, height, rootProof, claims } = envelope.decode(bytes);
  const proofs = claims.map(({ proof }) => proof);
  return {
    updates: updates.map((update) => toHex(packCometUpdate(update))),
    proof: claims.length === 0 ? ("0x" as const) : toHex(packCometProof(height, rootProof, proofs)),
    paths: claims.map(({ path }) => toHex(path)),
    values: claims.map(({ value }) => toHex(value)),
  };
}

/** As it is when no packing carries the evidence, or what is wrong with it. */
export function withPacked(vector: Vector): Vector {
  if ("asked" in vector || UNSEEN.test(vector.name) || LEFT_OUT.has(vector.name)) return vector;
  try {
    return "misbehaviour" in vector
      ? { ...vector, packed: toHex(packCometMisbehaviour(bytesOf(vector.misbehaviour))) }
      : { ...vector, packed: packEnvelope(bytesOf(vector.envelope)) };
  } catch (error) {
    if (isCausewayError(error) || error instanceof ProtobufError || error instanceof SszError) return vector;
    throw error;
  }
}
