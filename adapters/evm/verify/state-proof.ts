// Membership and absence in the packet store of a contract on the source chain (README.md, "State proofs").
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import type { EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { accountStorageRoot, storageValue } from "./account.ts";
import { isAncestor } from "./ancestry.ts";
import { equalBytes, fromHex } from "#adapters/protocol/bytes.ts";
import { isKnown } from "./consensus-state.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { storageProof } from "./evidence.ts";
import type { RootProof } from "./evidence.ts";
import { walkTrie } from "./patricia.ts";
import { inactiveReason } from "./status.ts";
import type { BeaconState } from "./trusted-state.ts";

/** The storage root of the packet store, proven under a trusted height; rules 2 to 5. */
export function openStorage(state: BeaconState, proof: RootProof, now: bigint): Uint8Array | Reason {
  const inactive = inactiveReason(state, now);
  if (inactive !== undefined) return inactive;
  const [trusted] = proof.ancestry;
  if (!isKnown(state, trusted ?? proof)) return "UNKNOWN_HEIGHT";
  if (trusted !== undefined && !isAncestor(trusted, proof)) return "INVALID_ANCESTRY";
  const walk = walkTrie(proof.stateRoot, keccak_256(fromHex(state.router)), proof.accountProof);
  const root = walk?.value ? accountStorageRoot(walk.value) : undefined;
  return root ?? "INVALID_ACCOUNT_PROOF";
}

/** Key in the storage trie of the commitment stored for `path`: a Solidity mapping from bytes32. */
const storageKey = (path: Uint8Array, commitmentsSlot: Uint8Array): Uint8Array =>
  keccak_256(keccak_256(concatBytes(keccak_256(path), commitmentsSlot)));

/** Rules 6 to 9 for one claim; undefined when it is proven. */
export function brokenClaim(state: BeaconState, storageRoot: Uint8Array, claim: EnvelopeClaim): Reason | undefined {
  const nodes = decodeExactly(storageProof, claim.proof);
  if (nodes === undefined) return "MALFORMED";
  const walk = walkTrie(storageRoot, storageKey(claim.path, fromHex(state.commitmentsSlot)), nodes);
  const isMembership = claim.membership === 1n;
  if (walk?.value === null) return isMembership ? "VALUE_ABSENT" : undefined;
  const value = walk && storageValue(walk.value);
  if (value === undefined) return "INVALID_STORAGE_PROOF";
  if (!isMembership) return "VALUE_PRESENT";
  return equalBytes(value, claim.value) ? undefined : "VALUE_MISMATCH";
}
