// The numbers that Postgres knows a chain's lease by, as an advisory lock: 16 bits say what is locked, 48 which chain.
import { createHash } from "node:crypto";
import type { ChainId } from "#adapters/chain-id.ts";

/** Held exclusively by the process that works for the chain. */
export const HOLDS = 0x6361n;
/** Held together by all that would. */
export const WANTS = 0x6377n;

const WIDTH = 48n;

/** The chain's 48 bits, in decimal. */
export const chainKey = (chain: ChainId): string =>
  BigInt(`0x${createHash("sha256").update(chain).digest("hex").slice(0, 12)}`).toString();

/** What the statements take: `kind` and a chain's 48 bits in one bigint. */
export const lockKey = (kind: bigint, key: string): string => ((kind << WIDTH) | BigInt(key)).toString();
