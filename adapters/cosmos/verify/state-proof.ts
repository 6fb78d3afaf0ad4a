// What a chain's packet store holds, under an app hash (README.md, "State proofs").
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { isProvenAbsent } from "./absence.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { commitmentProof } from "./evidence.ts";
import type { CommitmentProof, ExistenceProof } from "./evidence.ts";
import { calculateExistence, iavl, simple } from "./ics23.ts";

/** ibc-go's store, the first element of the Merkle prefix; the second is empty. */
const STORE = utf8ToBytes("ibc");

/** Undefined unless the bytes are canonical and hold exactly one of the two kinds of proof that are taken. */
export function decodeProof(bytes: Uint8Array): CommitmentProof | undefined {
  const proof = decodeExactly(commitmentProof, bytes);
  return proof && (proof.exist === undefined) !== (proof.nonexist === undefined) ? proof : undefined;
}

/** Rule 4: the store's root. */
export function openStore(proof: ExistenceProof, appHash: Uint8Array): Uint8Array | undefined {
  const root = calculateExistence(proof, simple)?.root;
  const isOpen =
    root !== undefined && equalBytes(root, appHash) && equalBytes(proof.key, STORE) && proof.value.length === 32;
  return isOpen ? proof.value : undefined;
}

function isProvenPresent(proof: ExistenceProof, path: Uint8Array, root: Uint8Array): boolean {
  const calculated = calculateExistence(proof, iavl)?.root;
  return calculated !== undefined && equalBytes(calculated, root) && equalBytes(proof.key, path);
}

/** Rules 5 to 9 for one claim; undefined when it is proven. */
export function brokenClaim(
  root: Uint8Array,
  { membership, path, value, proof: bytes }: EnvelopeClaim,
): Reason | undefined {
  const proof = decodeProof(bytes);
  if (proof === undefined) return "MALFORMED";
  const { exist, nonexist } = proof;
  if (exist && !isProvenPresent(exist, path, root)) return "INVALID_STORAGE_PROOF";
  if (nonexist && !isProvenAbsent(nonexist, path, root)) return "INVALID_STORAGE_PROOF";
  if (membership === 0n) return exist ? "VALUE_PRESENT" : undefined;
  if (exist === undefined) return "VALUE_ABSENT";
  return equalBytes(exist.value, value) ? undefined : "VALUE_MISMATCH";
}
