// Packs canonical state proofs for the Solidity light client: the nodes of all proofs once each, then every proof as the positions
// of its nodes. BeaconLightClient.sol and MerklePatricia.sol say what the bytes look like.
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { SszError } from "#adapters/protocol/ssz.ts";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import type { ConsensusState } from "../verify/consensus-state.ts";
import { rootProof, storageProof } from "../verify/evidence.ts";

/** Half of a number: what the contract calls malformed. */
const BROKEN = Uint8Array.of(0);
/** A path of more nodes than follow: malformed, but only when its turn comes. */
const BROKEN_PATH = Uint8Array.of(0xff);

const NOTHING = new Uint8Array();

const uint16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

/** Positions are in order of first use: the contract takes no others, so it sees that every node was used. */
function nodeTable() {
  const positions = new Map<string, number>();
  const nodes: Uint8Array[] = [];
  const position = (node: Uint8Array): number => {
    const name = bytesToHex(node);
    const known = positions.get(name) ?? nodes.length;
    if (known === nodes.length) nodes.push(node);
    positions.set(name, known);
    return known;
  };
  return {
    /** The number of a path's nodes, and their positions. */
    path: (of: readonly Uint8Array[]): Uint8Array =>
      concatBytes(Uint8Array.of(of.length), ...of.map((node) => uint16(position(node)))),
    encode: (): Uint8Array =>
      concatBytes(uint16(nodes.length), ...nodes.flatMap((node) => [uint16(node.length), node])),
  };
}

function decodeOrBroken<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof SszError) return undefined;
    throw error;
  }
}

const packPlace = ({ height, timestamp, stateRoot }: ConsensusState): Uint8Array =>
  concatBytes(uint64BigEndian(height), uint64BigEndian(timestamp), stateRoot);

/** @param claims Canonical storage proofs, in the order of the claims. */
export function packStateProof(canonicalRootProof: Uint8Array, claims: readonly Uint8Array[]): Uint8Array {
  const root = decodeOrBroken(() => rootProof.decode(canonicalRootProof));
  if (root === undefined) return BROKEN;
  const table = nodeTable();
  const [ancestry] = root.ancestry;
  const paths = ancestry === undefined ? [] : [table.path(ancestry.accountProof), table.path(ancestry.storageProof)];
  paths.push(table.path(root.accountProof));
  for (const claim of claims) {
    const nodes = decodeOrBroken(() => storageProof.decode(claim));
    paths.push(nodes === undefined ? BROKEN_PATH : table.path(nodes));
    // Nothing is read after a broken path.
    if (nodes === undefined) break;
  }
  const trusted = ancestry === undefined ? NOTHING : concatBytes(packPlace(ancestry), ancestry.executionHeader);
  return concatBytes(packPlace(root), uint16(trusted.length), trusted, table.encode(), ...paths);
}
