// Packs canonical evidence of misbehaviour for the Solidity light client's reportMisbehaviour.
import { concatBytes } from "@noble/hashes/utils.js";
import { SszError } from "#adapters/protocol/ssz.ts";
import { beaconMisbehaviour } from "../verify/evidence.ts";
import { MALFORMED, packBeaconUpdate } from "./beacon-update.ts";

/** `trusted` is the canonical state of the client that will judge the evidence. */
export function packBeaconMisbehaviour(canonical: Uint8Array, trusted: Uint8Array): Uint8Array {
  try {
    const { first, second } = beaconMisbehaviour.decode(canonical);
    const packed = packBeaconUpdate(first, trusted);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, packed.length);
    return concatBytes(length, packed, packBeaconUpdate(second, trusted));
  } catch (error) {
    if (error instanceof SszError) return MALFORMED;
    throw error;
  }
}
