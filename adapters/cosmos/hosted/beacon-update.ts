// Of an update about a beacon chain, what it would bring to the light client: a height, and perhaps a committee.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { fromRlp } from "viem/utils";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
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

/** Places in an execution block's header. */
const [STATE_ROOT, NUMBER, TIMESTAMP] = [3, 8, 11];

function decode(bytes: Uint8Array) {
  try {
    const update = beaconUpdate.decode(bytes);
    const fields = fromRlp(update.executionHeader, "hex");
    const at = (place: number): bigint => BigInt(fields[place] === "0x" ? 0 : String(fields[place]));
    const height = at(NUMBER);
    // As the light client remembers it.
    const seen = concatBytes(
      uint64BigEndian(height),
      uint64BigEndian(at(TIMESTAMP)),
      hexToBytes(String(fields[STATE_ROOT]).slice(2)),
    );
    const word = (height << 192n) | (BigInt(`0x${bytesToHex(keccak_256(seen))}`) >> 64n);
    return { update, height, word };
  } catch {
    return undefined;
  }
}

/** The execution block that an update brings; undefined for what is no update. */
export const updateHeight = (bytes: Uint8Array): bigint | undefined => decode(bytes)?.height;

/** Whether the light client has the update's header, or could not keep it any more, and its committee when it brings one. */
export function isApplied({ ring, slotsPerPeriod, newestPeriod }: BeaconFields, bytes: Uint8Array): boolean {
  const decoded = decode(bytes);
  if (decoded === undefined || slotsPerPeriod === 0n || ring.length === 0) return false;
  const held = ring[Number(decoded.height % BigInt(ring.length))] ?? 0n;
  if (held !== decoded.word && held >> 192n <= decoded.height) return false;
  const { attestedHeader, finalizedHeader, nextSyncCommittee } = decoded.update;
  if (nextSyncCommittee.length === 0) return true;
  const period = attestedHeader.slot / slotsPerPeriod;
  // A committee is taken only with a finalized header of its own period.
  return finalizedHeader.slot / slotsPerPeriod !== period || period + 1n <= newestPeriod;
}
