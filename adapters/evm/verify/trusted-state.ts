// Canonical trusted state of a beacon light client: the ABI encoding of one tuple, which is also what the Solidity client
// is constructed from and returns from clientState().
import { decodeAbiParameters, encodeAbiParameters } from "viem/utils";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** Consensus states are kept in a ring indexed by `height % RING_SIZE`; a prime, so that evenly spaced heights spread. */
export const RING_SIZE = 61;

/** Rows of a fork table, at most. */
export const MAX_FORKS = 8;

/** A next committee that is not known. */
export const NO_ROOT = `0x${"00".repeat(32)}` as const;

const fork = [
  { name: "epoch", type: "uint64" },
  { name: "version", type: "bytes4" },
  /** Generalized indices under the attested state root. */
  { name: "finalizedRootGindex", type: "uint32" },
  { name: "nextSyncCommitteeGindex", type: "uint32" },
  /** Generalized index of the execution block hash under the block body root. */
  { name: "executionBlockHashGindex", type: "uint32" },
] as const;

const state = [
  {
    type: "tuple",
    components: [
      // What the client follows; fixed for its life.
      { name: "chainId", type: "uint64" },
      { name: "genesisValidatorsRoot", type: "bytes32" },
      { name: "genesisTime", type: "uint64" },
      { name: "secondsPerSlot", type: "uint64" },
      { name: "slotsPerEpoch", type: "uint64" },
      { name: "epochsPerPeriod", type: "uint64" },
      { name: "committeeSize", type: "uint64" },
      { name: "trustingPeriod", type: "uint64" },
      { name: "maxClockDrift", type: "uint64" },
      /** The counterparty's packet router and the slot of its commitments mapping. */
      { name: "router", type: "address" },
      { name: "commitmentsSlot", type: "bytes32" },
      /** Rows are only ever added, at the end, by an admin. */
      { name: "forks", type: "tuple[]", components: fork },
      // What it trusts; moves with updates.
      { name: "frozen", type: "bool" },
      { name: "latestHeight", type: "uint64" },
      { name: "latestTimestamp", type: "uint64" },
      { name: "latestSlot", type: "uint64" },
      /** Sync committee period of `committeeRoot`. */
      { name: "period", type: "uint64" },
      { name: "committeeRoot", type: "bytes32" },
      /** Zero while unknown. */
      { name: "nextCommitteeRoot", type: "bytes32" },
      /** RING_SIZE words, each `height (8 bytes) ‖ first 24 bytes of keccak256(height ‖ timestamp ‖ stateRoot)`, or zero. */
      { name: "ring", type: "bytes32[]" },
    ],
  },
] as const;

type Decoded = ReturnType<typeof decodeAbiParameters<typeof state>>[0];
export type BeaconState = Decoded;
export type Fork = Decoded["forks"][number];

export const encodeTrustedState = (value: BeaconState): Uint8Array =>
  hexToBytes(encodeAbiParameters(state, [value]).slice(2));

const row = [{ type: "tuple", components: fork }] as const;

/** One row of the fork table by itself, encoded as in the state. */
export const encodeFork = (value: Fork): Uint8Array => hexToBytes(encodeAbiParameters(row, [value]).slice(2));

const MAX_COMMITTEE_SIZE = 512n;
const MAX_DEPTH = 16;

const isPowerOfTwo = (value: bigint): boolean => value > 0n && (value & (value - 1n)) === 0n;

/** A branch under it is neither empty nor longer than evidence can carry. */
const isGindex = (value: number): boolean => value >= 2 && value < 2 ** (MAX_DEPTH + 1);

const isUsableFork = (value: Fork): boolean =>
  isGindex(value.finalizedRootGindex) &&
  isGindex(value.nextSyncCommitteeGindex) &&
  isGindex(value.executionBlockHashGindex);

/** Parameters under which every rule has a meaning. */
const isUsable = (value: Decoded): boolean =>
  value.slotsPerEpoch > 0n &&
  value.epochsPerPeriod > 0n &&
  isPowerOfTwo(value.committeeSize) &&
  value.committeeSize >= 8n &&
  value.committeeSize <= MAX_COMMITTEE_SIZE &&
  value.ring.length === RING_SIZE &&
  value.forks.length <= MAX_FORKS &&
  value.forks.every(isUsableFork);

/** Undefined when the bytes are not the canonical encoding of a row, or no branch can have its indices. */
export function decodeFork(bytes: Uint8Array): Fork | undefined {
  const hex = `0x${bytesToHex(bytes)}` as const;
  try {
    const [value] = decodeAbiParameters(row, hex);
    return encodeAbiParameters(row, [value]) === hex && isUsableFork(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when the bytes are not the canonical encoding of a state, or its parameters make no sense. */
export function decodeTrustedState(bytes: Uint8Array): BeaconState | undefined {
  const hex = `0x${bytesToHex(bytes)}` as const;
  try {
    const [value] = decodeAbiParameters(state, hex);
    return encodeAbiParameters(state, [value]) === hex && isUsable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
