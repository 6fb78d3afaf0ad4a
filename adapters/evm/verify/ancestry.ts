// An older block under a trusted one: by its hash in the storage of the history contract (EIP-2935; README.md, "State proofs").
import { keccak_256 } from "@noble/hashes/sha3.js";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { accountStorageRoot, storageValue } from "./account.ts";
import { equalBytes, fromHex } from "#adapters/protocol/bytes.ts";
import type { ConsensusState } from "./consensus-state.ts";
import type { Ancestry } from "./evidence.ts";
import { parseExecutionHeader } from "./execution-header.ts";
import { walkTrie } from "./patricia.ts";

/** HISTORY_STORAGE_ADDRESS and HISTORY_SERVE_WINDOW. */
export const HISTORY_CONTRACT = "0x0000f90827f1c53a10cb7a02335b175320002935";
export const HISTORY_WINDOW = 8191n;

/** Storage slot of a block's hash. */
export function historySlot(height: bigint): Uint8Array {
  const slot = new Uint8Array(32);
  slot.set(uint64BigEndian(height % HISTORY_WINDOW), 24);
  return slot;
}

/** The hash that the trusted block's state has for `height`; undefined when that is not proven. */
function provenHash({ stateRoot, accountProof, storageProof }: Ancestry, height: bigint): Uint8Array | undefined {
  const account = walkTrie(stateRoot, keccak_256(fromHex(HISTORY_CONTRACT)), accountProof)?.value;
  const storageRoot = account ? accountStorageRoot(account) : undefined;
  if (storageRoot === undefined) return undefined;
  const value = walkTrie(storageRoot, keccak_256(historySlot(height)), storageProof)?.value;
  return value ? storageValue(value) : undefined;
}

/** Whether the trusted block has this one among its last 8191 ancestors. */
export function isAncestor(trusted: Ancestry, block: ConsensusState): boolean {
  const distance = trusted.height - block.height;
  if (distance < 1n || distance > HISTORY_WINDOW) return false;
  const hash = provenHash(trusted, block.height);
  const header = parseExecutionHeader(trusted.executionHeader);
  return (
    hash !== undefined &&
    header !== undefined &&
    equalBytes(header.hash, hash) &&
    header.height === block.height &&
    header.timestamp === block.timestamp &&
    equalBytes(header.stateRoot, block.stateRoot)
  );
}
