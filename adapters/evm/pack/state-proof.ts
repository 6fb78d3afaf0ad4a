// Packs canonical state proofs for the Solidity light client: each trie node after its length in two bytes.
import { concatBytes } from "@noble/hashes/utils.js";
import { SszError } from "#adapters/protocol/ssz.ts";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { rootProof, storageProof } from "../verify/evidence.ts";

/** Half of a node's length: what the contract calls malformed. */
const BROKEN = Uint8Array.of(0);

const packNodes = (nodes: readonly Uint8Array[]): Uint8Array =>
  concatBytes(...nodes.flatMap((node) => [Uint8Array.of(node.length >> 8, node.length & 0xff), node]));

/** For openRoot. */
export function packRootProof(canonical: Uint8Array): Uint8Array {
  try {
    const { height, timestamp, stateRoot, accountProof } = rootProof.decode(canonical);
    return concatBytes(uint64BigEndian(height), uint64BigEndian(timestamp), stateRoot, packNodes(accountProof));
  } catch (error) {
    if (error instanceof SszError) return BROKEN;
    throw error;
  }
}

/** For verifyMembership and verifyNonMembership. */
export function packStorageProof(canonical: Uint8Array): Uint8Array {
  try {
    return packNodes(storageProof.decode(canonical));
  } catch (error) {
    if (error instanceof SszError) return BROKEN;
    throw error;
  }
}
