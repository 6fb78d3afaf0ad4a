// What a CometBFT chain's id says: its IBC revision, and its name among all chains.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

const REVISION = /^.*[^\n-]-([1-9][0-9]*)$/;

/** ibc-go 02-client ParseChainID: the number after the last dash, or 0. */
export function revisionOf(chainId: string): bigint {
  const [, digits = "0"] = REVISION.exec(chainId) ?? [];
  const revision = BigInt(digits);
  return revision < 1n << 64n ? revision : 0n;
}

const DIRECT = /^(?!hashed-)[-a-zA-Z0-9]{1,32}$/;

/** CAIP-2 id (CAIP-5): an id that does not fit its form is hashed. */
export function caip2Of(chainId: string): string {
  if (DIRECT.test(chainId)) return `cosmos:${chainId}`;
  return `cosmos:hashed-${bytesToHex(sha256(utf8ToBytes(chainId))).slice(0, 16)}`;
}
