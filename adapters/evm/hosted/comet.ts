// Light clients of ibc-go chains, as CometLightClient takes and shows them. Their times are nanoseconds.
import { encodeDeployData } from "viem/utils";
import { packCometProof } from "../pack/comet-proof.ts";
import { packCometMisbehaviour, packCometUpdate } from "../pack/comet-update.ts";
import { protobufReader } from "../pack/protobuf-reader.ts";
import { toHex } from "../rpc/hex.ts";
import { readCometState } from "./comet-state.ts";
import type { CometState, ConsensusState } from "./comet-state.ts";
import { ed25519Verifier } from "./ed25519-verifier.ts";
import type { HostedKind } from "./hosted-kind.ts";

const NANOS = 1_000_000_000n;

export const comet: HostedKind = {
  clientType: "cometbft",
  read(bytes) {
    const state = readCometState(bytes);
    if (state === undefined) return undefined;
    const { height, timestamp } = state.latest;
    return {
      height,
      timestamp: timestamp / NANOS,
      // The contract compares its clock's whole seconds: the next one, where a nanosecond is left over.
      expiresAt: (timestamp + state.trustingPeriod + NANOS - 1n) / NANOS,
      trustingPeriod: state.trustingPeriod / NANOS,
    };
  },
  isApplied(bytes, update) {
    const state = readCometState(bytes);
    const header = state === undefined ? undefined : headerOf(update);
    return state !== undefined && header !== undefined && isSettled(state, header);
  },
  packUpdate: packCometUpdate,
  packStateProof: ({ height, rootProof, claims }) => packCometProof(height, rootProof, claims),
  packMisbehaviour: packCometMisbehaviour,
  async creationCode(context, from, state) {
    const { abi, bytecode } = await import("../../../contracts/evm/bindings/CometLightClient.ts");
    return encodeDeployData({ abi, bytecode, args: [toHex(state), await ed25519Verifier(context, from)] });
  },
};

/** What a light client would remember of the header. Undefined for bytes that the light client is left to refuse. */
function headerOf(update: Uint8Array): ConsensusState | undefined {
  try {
    const header = protobufReader(update).message(1).message(1);
    const time = header.message(4);
    return {
      height: header.number(3),
      timestamp: time.number(1) * NANOS + time.number(2),
      appHash: toHex(header.bytes(11)),
      nextValidatorsHash: toHex(header.bytes(9)),
    };
  } catch {
    return undefined;
  }
}

/** Known, or below the latest height and in accord with what is held around it. What contradicts is not: it freezes the light client. */
function isSettled({ consensusStates }: CometState, header: ConsensusState): boolean {
  const above = consensusStates.find(({ height }) => height >= header.height);
  if (above === undefined) return false;
  if (above.height === header.height)
    return (
      above.timestamp === header.timestamp &&
      above.appHash === header.appHash &&
      above.nextValidatorsHash === header.nextValidatorsHash
    );
  const below = consensusStates.findLast(({ height }) => height < header.height);
  return header.timestamp < above.timestamp && (below === undefined || below.timestamp < header.timestamp);
}
