// Canonical trusted state of a CometBFT light client: the ABI encoding of one tuple, which is also what the Solidity client
// is constructed from and returns from clientState().
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { decodeAbiParameters, encodeAbiParameters } from "viem/utils";

/** The newest consensus states, as many as a light client remembers. */
export const MAX_CONSENSUS_STATES = 64;

const MAX_HEIGHT = (1n << 63n) - 1n;

const state = [
  {
    type: "tuple",
    components: [
      // What the client follows; fixed for its life.
      { name: "chainId", type: "string" },
      { name: "trustLevelNumerator", type: "uint64" },
      { name: "trustLevelDenominator", type: "uint64" },
      /** Periods in nanoseconds. */
      { name: "trustingPeriod", type: "uint64" },
      { name: "unbondingPeriod", type: "uint64" },
      { name: "maxClockDrift", type: "uint64" },
      // What it trusts; moves with updates.
      { name: "frozen", type: "bool" },
      /** Ascending; the last one is the latest. */
      {
        name: "consensusStates",
        type: "tuple[]",
        components: [
          { name: "height", type: "uint64" },
          /** Nanoseconds since 1970. */
          { name: "timestamp", type: "uint64" },
          { name: "appHash", type: "bytes32" },
          { name: "nextValidatorsHash", type: "bytes32" },
        ],
      },
    ],
  },
] as const;

export type CometState = ReturnType<typeof decodeAbiParameters<typeof state>>[0];
export type ConsensusState = CometState["consensusStates"][number];

export const encodeTrustedState = (value: CometState): Uint8Array =>
  hexToBytes(encodeAbiParameters(state, [value]).slice(2));

const NO_HASH = `0x${"00".repeat(32)}`;
const CHAIN_ID = /^[\x20-\x7e]{1,50}$/;

function areUsable(states: readonly ConsensusState[]): boolean {
  let [height, timestamp] = [0n, -1n];
  for (const held of states) {
    if (held.height <= height || held.height > MAX_HEIGHT || held.timestamp <= timestamp) return false;
    if (held.appHash === NO_HASH || held.nextValidatorsHash === NO_HASH) return false;
    ({ height, timestamp } = held);
  }
  return states.length > 0 && states.length <= MAX_CONSENSUS_STATES;
}

/** Parameters under which every rule has a meaning. */
const isUsable = (value: CometState): boolean =>
  CHAIN_ID.test(value.chainId) &&
  value.trustLevelDenominator > 0n &&
  value.trustLevelNumerator * 3n >= value.trustLevelDenominator &&
  value.trustLevelNumerator <= value.trustLevelDenominator &&
  value.trustingPeriod > 0n &&
  value.trustingPeriod < value.unbondingPeriod &&
  value.maxClockDrift > 0n &&
  areUsable(value.consensusStates);

/** Undefined when the bytes are not the canonical encoding of a state, or its parameters make no sense. */
export function decodeTrustedState(bytes: Uint8Array): CometState | undefined {
  const hex = `0x${bytesToHex(bytes)}` as const;
  try {
    const [value] = decodeAbiParameters(state, hex);
    return encodeAbiParameters(state, [value]) === hex && isUsable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
