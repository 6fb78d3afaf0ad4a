// The execution block header: strict RLP, of which the light client trusts number, timestamp and state root.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { rlpList } from "./rlp.ts";

export interface ExecutionHeader {
  readonly hash: Uint8Array;
  readonly height: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly stateRoot: Uint8Array;
}

const STATE_ROOT = 3;
const NUMBER = 8;
const TIMESTAMP = 11;

function uint64(bytes: Uint8Array | undefined): bigint | undefined {
  if (bytes === undefined || bytes.length > 8 || bytes[0] === 0) return undefined;
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Undefined when the bytes are not one canonical list of 15 to 64 strings, or those three items have the wrong form. */
export function parseExecutionHeader(bytes: Uint8Array): ExecutionHeader | undefined {
  const items = rlpList(bytes);
  if (items === undefined || items.length < 15 || items.length > 64 || items.some((item) => item.list))
    return undefined;
  const stateRoot = items[STATE_ROOT]?.payload;
  const height = uint64(items[NUMBER]?.payload);
  const timestamp = uint64(items[TIMESTAMP]?.payload);
  if (stateRoot?.length !== 32 || height === undefined || timestamp === undefined) return undefined;
  return { hash: keccak_256(bytes), height, timestamp, stateRoot };
}
