// How JSON-RPC and the beacon API write bytes and integers, as zod schemas.
import { bytesToHex, hexToBytes as decode } from "@noble/hashes/utils.js";
import * as z from "zod";

export type Hex = `0x${string}`;

export const toHex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;
export const fromHex = (hex: string): Uint8Array => decode(hex.slice(2));

/** A JSON-RPC quantity. */
export const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((value) => BigInt(value));

export const quantityHex = (value: bigint): Hex => `0x${value.toString(16)}`;

/** Hexadecimal bytes, of exactly `length` when given; lower-cased. */
export const hexData = (length?: number) =>
  z
    .string()
    .regex(length === undefined ? /^0x(?:[0-9a-fA-F]{2})*$/ : new RegExp(`^0x[0-9a-fA-F]{${length * 2}}$`))
    .transform((value) => value.toLowerCase() as Hex);

export const hexBytes = (length?: number) => hexData(length).transform(fromHex);

/** A decimal uint64, as the beacon API writes it. */
export const decimal = z
  .string()
  .regex(/^[0-9]{1,20}$/)
  .transform((value) => BigInt(value))
  .refine((value) => value < 1n << 64n, "expected a uint64");
