// Consensus states: what a light client remembers of a height, one word in a ring.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { toHex } from "#adapters/protocol/bytes.ts";
import type { Hex } from "#adapters/protocol/bytes.ts";
import { RING_SIZE } from "./trusted-state.ts";
import type { BeaconState } from "./trusted-state.ts";

/** What of an execution header is remembered. Timestamp in Unix seconds. */
export interface ConsensusState {
  readonly height: bigint;
  readonly timestamp: bigint;
  readonly stateRoot: Uint8Array;
}

/** `height ‖ first 24 bytes of keccak256(height ‖ timestamp ‖ stateRoot)`, integers as eight big-endian bytes. */
export function consensusWord({ height, timestamp, stateRoot }: ConsensusState): Hex {
  const heightBytes = uint64BigEndian(height);
  const digest = keccak_256(concatBytes(heightBytes, uint64BigEndian(timestamp), stateRoot));
  return toHex(concatBytes(heightBytes, digest.subarray(0, 24)));
}

export const ringPlace = (height: bigint): number => Number(height % BigInt(RING_SIZE));

const EMPTY: Hex = `0x${"00".repeat(32)}`;

/** The word in the ring's place for `height`, whichever height it is of; undefined when the place is empty. */
export function storedWord(state: BeaconState, height: bigint): Hex | undefined {
  const word = state.ring[ringPlace(height)];
  return word === EMPTY ? undefined : word;
}

export const wordHeight = (word: Hex): bigint => BigInt(word.slice(0, 18));

/** The ring holds exactly this consensus state. */
export const isKnown = (state: BeaconState, consensus: ConsensusState): boolean =>
  storedWord(state, consensus.height) === consensusWord(consensus);
