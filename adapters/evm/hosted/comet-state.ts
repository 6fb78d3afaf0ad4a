// What the hosting side reads of a CometBFT light client's canonical state: the ABI encoding of CometState.sol.
import { bytesToHex } from "@noble/hashes/utils.js";
import { decodeAbiParameters, encodeAbiParameters, parseAbiParameters } from "viem/utils";

const parameters = parseAbiParameters([
  "CometState state",
  "struct CometState { string chainId; uint64 trustLevelNumerator; uint64 trustLevelDenominator; uint64 trustingPeriod; uint64 unbondingPeriod; uint64 maxClockDrift; bool frozen; ConsensusState[] consensusStates; }",
  "struct ConsensusState { uint64 height; uint64 timestamp; bytes32 appHash; bytes32 nextValidatorsHash; }",
]);

export type CometState = ReturnType<typeof decodeAbiParameters<typeof parameters>>[0];
export type ConsensusState = CometState["consensusStates"][number];

/** Undefined for what is not the encoding of a state that trusts something. Whether its parameters make sense, the contract judges. */
export function readCometState(bytes: Uint8Array): (CometState & { readonly latest: ConsensusState }) | undefined {
  const hex = `0x${bytesToHex(bytes)}` as const;
  try {
    const [state] = decodeAbiParameters(parameters, hex);
    const latest = state.consensusStates.at(-1);
    if (latest === undefined || encodeAbiParameters(parameters, [state]) !== hex) return undefined;
    return { ...state, latest };
  } catch {
    return undefined;
  }
}
