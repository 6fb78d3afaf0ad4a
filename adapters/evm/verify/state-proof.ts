// Membership and absence in the packet store of a contract on the source chain (README.md, "State proofs").
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import type { EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { equalBytes, fromHex } from "./bytes.ts";
import { isKnown } from "./consensus-state.ts";
import { decodeExactly } from "./decode.ts";
import { storageProof } from "./evidence.ts";
import type { RootProof } from "./evidence.ts";
import { walkTrie } from "./patricia.ts";
import { rlpItem, rlpList } from "./rlp.ts";
import { inactiveReason } from "./status.ts";
import type { BeaconState } from "./trusted-state.ts";

const STORAGE_ROOT = 2;

/** An account is [nonce, balance, storageRoot, codeHash]. */
function accountStorageRoot(account: Uint8Array): Uint8Array | undefined {
  const items = rlpList(account);
  if (items?.length !== 4 || items.some((item) => item.list)) return undefined;
  const root = items[STORAGE_ROOT]?.payload;
  return root?.length === 32 ? root : undefined;
}

/** The storage root of the packet store, proven under a trusted height; rules 2 to 4. */
export function openStorage(state: BeaconState, proof: RootProof, now: bigint): Uint8Array | Reason {
  const inactive = inactiveReason(state, now);
  if (inactive !== undefined) return inactive;
  if (!isKnown(state, proof)) return "UNKNOWN_HEIGHT";
  const walk = walkTrie(proof.stateRoot, keccak_256(fromHex(state.router)), proof.accountProof);
  const root = walk?.value ? accountStorageRoot(walk.value) : undefined;
  return root ?? "INVALID_ACCOUNT_PROOF";
}

/** Key in the storage trie of the commitment stored for `path`: a Solidity mapping from bytes32. */
const storageKey = (path: Uint8Array, commitmentsSlot: Uint8Array): Uint8Array =>
  keccak_256(keccak_256(concatBytes(keccak_256(path), commitmentsSlot)));

/** A storage value: one RLP string without leading zeros, as 32 bytes. */
function storageValue(bytes: Uint8Array): Uint8Array | undefined {
  const item = rlpItem(bytes);
  if (item === undefined || item.list || item.payload.length > 32 || (item.payload[0] ?? 0) === 0) return undefined;
  const word = new Uint8Array(32);
  word.set(item.payload, 32 - item.payload.length);
  return word;
}

/** Rules 5 to 8 for one claim; undefined when it is proven. */
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
