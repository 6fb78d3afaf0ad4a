// Packs a canonical beacon update for the Solidity light client (BeaconLightClient.sol states the layout).
// Total: whatever the canonical bytes are, the contract judges the packed ones by the same rule.
import { concatBytes } from "@noble/hashes/utils.js";
import { SszError } from "#adapters/protocol/ssz.ts";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { beaconBlockHeader, beaconUpdate } from "../verify/evidence.ts";
import type { BeaconBlockHeader, BeaconUpdate, SyncCommittee } from "../verify/evidence.ts";
import { decodeTrustedState } from "../verify/trusted-state.ts";
import { committeeTree } from "./committee-tree.ts";
import type { CommitteeTree } from "./committee-tree.ts";
import { publicKeyY, signaturePoint } from "./decompress.ts";

/** What the contract calls malformed. */
export const MALFORMED: Uint8Array = new Uint8Array(0);

function decode(canonical: Uint8Array): BeaconUpdate | undefined {
  try {
    return beaconUpdate.decode(canonical);
  } catch (error) {
    if (error instanceof SszError) return undefined;
    throw error;
  }
}

/** Slot big-endian, the rest as in SSZ. */
const packHeader = (header: BeaconBlockHeader): Uint8Array =>
  concatBytes(uint64BigEndian(header.slot), beaconBlockHeader.encode(header).subarray(8));

/** Undefined for a committee that no trusted root can stand for. */
const treeOf = (committee: SyncCommittee, size: number): CommitteeTree | undefined =>
  committee.pubkeys.length === size ? committeeTree(committee.pubkeys) : undefined;

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 0x80 >> bit;
  return reversed;
}

/** Keys of those who did not sign, and their shared proof; nothing when the contract will not get as far as reading them. */
function packAbsentees(update: BeaconUpdate, tree: CommitteeTree | undefined): Uint8Array[] {
  const bits = update.syncCommitteeBits;
  const { pubkeys } = update.syncCommittee;
  if (tree === undefined || bits.length * 8 !== pubkeys.length) return [];
  const absent = pubkeys.keys().filter((member) => (((bits[member >> 3] ?? 0) >> (member & 7)) & 1) === 0);
  const members = [...absent];
  if (3 * members.length > pubkeys.length) return [];
  const keys = members.flatMap((member) => {
    const key = pubkeys[member] ?? new Uint8Array(48);
    return [key, publicKeyY(key)];
  });
  return [...keys, ...tree.sharedProof(members)];
}

const rootOf = (tree: CommitteeTree | undefined): Uint8Array => tree?.root ?? new Uint8Array(32);

/** `trusted` is the canonical state of the client that will judge the update. */
export function packBeaconUpdate(canonical: Uint8Array, trusted: Uint8Array): Uint8Array {
  const update = decode(canonical);
  const state = decodeTrustedState(trusted);
  if (update === undefined || state === undefined) return MALFORMED;
  const size = Number(state.committeeSize);
  const tree = treeOf(update.syncCommittee, size);
  const [next] = update.nextSyncCommittee;
  const headerSize = update.executionHeader.length;
  const { aggregatePubkey } = update.syncCommittee;
  return concatBytes(
    uint64BigEndian(update.signatureSlot),
    packHeader(update.attestedHeader),
    packHeader(update.finalizedHeader),
    signaturePoint(update.syncCommitteeSignature),
    rootOf(tree),
    aggregatePubkey,
    publicKeyY(aggregatePubkey),
    Uint8Array.of(
      update.syncCommitteeBits.length,
      update.finalityBranch.length,
      update.executionBranch.length,
      (next ? 0x80 : 0) | update.nextSyncCommitteeBranch.length,
      headerSize >> 8,
      headerSize & 0xff,
    ),
    update.syncCommitteeBits.map(reverseBits),
    ...update.finalityBranch,
    ...update.executionBranch,
    update.executionHeader,
    ...(next ? [rootOf(treeOf(next, size)), next.aggregatePubkey] : []),
    ...update.nextSyncCommitteeBranch,
    ...packAbsentees(update, tree),
  );
}
