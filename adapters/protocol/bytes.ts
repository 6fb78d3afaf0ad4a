// The few byte operations that verification shares.
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

export type Hex = `0x${string}`;

export const toHex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;

/** `hex` must have been checked before: only decoded trusted state is converted this way. */
export const fromHex = (hex: Hex): Uint8Array => hexToBytes(hex.slice(2));

export const equalBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index]);
