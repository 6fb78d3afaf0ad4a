// Where the router keeps the commitment of a path: a mapping from keccak256(path) at an ERC-7201 slot.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { fromHex, toHex } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";

/** ERC-7201 slot of the namespace `ibc.storage.IBCStore`, whose first member is the commitments mapping. */
export const COMMITMENTS_SLOT: Hex = "0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600";

export const storageSlot = (path: Uint8Array): Hex =>
  toHex(keccak_256(concatBytes(keccak_256(path), fromHex(COMMITMENTS_SLOT))));
