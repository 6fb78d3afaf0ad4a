// Of an update about a beacon chain, what it would bring to the light client: a height, and perhaps a committee.
import { fromRlp } from "viem/utils";
import { byteList, byteVector, container, list, uint64 } from "#adapters/protocol/ssz.ts";
import type { BeaconFields } from "./beacon-state.ts";

const root = byteVector(32);
const branch = list(root, 16);
const header = container({ slot: uint64, proposerIndex: uint64, parentRoot: root, stateRoot: root, bodyRoot: root });
const committee = container({ pubkeys: list(byteVector(48), 512), aggregatePubkey: byteVector(48) });

/** Canonical evidence, as the family of beacon chains defines it. */
const beaconUpdate = container({
  attestedHeader: header,
  finalizedHeader: header,
  finalityBranch: branch,
  executionBranch: branch,
  executionHeader: byteList(2048),
  nextSyncCommittee: list(committee, 1),
  nextSyncCommitteeBranch: branch,
  syncCommittee: committee,
  syncCommitteeBits: byteList(64),
  syncCommitteeSignature: byteVector(96),
  signatureSlot: uint64,
});

/** Of an execution block's header. */
const NUMBER = 8;

function decode(bytes: Uint8Array) {
  try {
    const update = beaconUpdate.decode(bytes);
    const number = fromRlp(update.executionHeader, "hex")[NUMBER];
    if (typeof number !== "string") return undefined;
    return { update, height: BigInt(number === "0x" ? 0 : number) };
  } catch {
    return undefined;
  }
}

/** The execution block that an update brings; undefined for what is no update. */
export const updateHeight = (bytes: Uint8Array): bigint | undefined => decode(bytes)?.height;

/** Whether the light client has the update's height, and its committee when it brings one. */
export function isApplied({ heights, slotsPerPeriod, newestPeriod }: BeaconFields, bytes: Uint8Array): boolean {
  const decoded = decode(bytes);
  if (decoded === undefined || slotsPerPeriod === 0n || !heights.has(decoded.height)) return false;
  const { attestedHeader, finalizedHeader, nextSyncCommittee } = decoded.update;
  if (nextSyncCommittee.length === 0) return true;
  const period = attestedHeader.slot / slotsPerPeriod;
  // A committee is taken only with a finalized header of its own period.
  return finalizedHeader.slot / slotsPerPeriod !== period || period + 1n <= newestPeriod;
}
