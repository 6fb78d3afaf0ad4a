// From the packed form of a beacon update (PackedUpdate.sol) back to the canonical one, as far as it goes: the keys of committees
// are not in it, so the signing committee comes without them, and a next committee not at all.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToNumberBE } from "@noble/curves/utils.js";
import { beaconBlockHeader, beaconUpdate } from "../verify/evidence.ts";
import type { BeaconBlockHeader, BeaconUpdate } from "../verify/evidence.ts";

const FIXED_SIZE = 558;
const NODE = 32;
const FIELD = 48;

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit += 1) if (byte & (1 << bit)) reversed |= 0x80 >> bit;
  return reversed;
}

/** Slot big-endian, the rest as in SSZ. */
function header(packed: Uint8Array): BeaconBlockHeader {
  const bytes = packed.slice();
  bytes.subarray(0, 8).reverse();
  return beaconBlockHeader.decode(bytes);
}

/** The compressed point of x.c0, x.c1, y.c0, y.c1. */
function signature(coordinates: Uint8Array): Uint8Array {
  const [xc0, xc1, yc0, yc1] = [0, 1, 2, 3].map((index) =>
    bytesToNumberBE(coordinates.subarray(index * FIELD, (index + 1) * FIELD)),
  ) as [bigint, bigint, bigint, bigint];
  const { Fp2 } = bls12_381.fields;
  const [x, y] = [Fp2.create({ c0: xc0, c1: xc1 }), Fp2.create({ c0: yc0, c1: yc1 })];
  return bls12_381.G2.Point.fromAffine({ x, y }).toBytes(true);
}

/** Undefined for bytes that are no packed update. */
export function unpackBeaconUpdate(packed: Uint8Array): BeaconUpdate | undefined {
  try {
    return unpack(packed);
  } catch {
    // Coordinates that are no point, lists that are too long.
    return undefined;
  }
}

function unpack(packed: Uint8Array): BeaconUpdate | undefined {
  if (packed.length < FIXED_SIZE) return undefined;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const [bits, finality, execution] = [view.getUint8(552), view.getUint8(553), view.getUint8(554)];
  let position = FIXED_SIZE;
  const take = (size: number): Uint8Array => packed.slice(position, (position += size));
  const takeNodes = (count: number): Uint8Array[] => Array.from({ length: count }, () => take(NODE));
  const update: BeaconUpdate = {
    signatureSlot: view.getBigUint64(0),
    attestedHeader: header(packed.subarray(8, 120)),
    finalizedHeader: header(packed.subarray(120, 232)),
    syncCommitteeSignature: signature(packed.subarray(232, 424)),
    syncCommittee: { pubkeys: [], aggregatePubkey: packed.slice(456, 504) },
    syncCommitteeBits: take(bits).map(reverseBits),
    finalityBranch: takeNodes(finality),
    executionBranch: takeNodes(execution),
    executionHeader: take(view.getUint16(556)),
    nextSyncCommittee: [],
    nextSyncCommitteeBranch: [],
  };
  if (position > packed.length) return undefined;
  beaconUpdate.encode(update);
  return update;
}
