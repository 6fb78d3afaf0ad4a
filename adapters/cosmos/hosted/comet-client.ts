// A 07-tendermint light client as canonical trusted state, and the other way round.
import type {
  ClientState as ClientStateType,
  ConsensusState as ConsensusStateType,
} from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import { ClientState, ConsensusState } from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { fromHex, toHex } from "#adapters/protocol/bytes.ts";
import { revisionOf } from "../verify/chain-id.ts";
import { latestOf } from "../verify/status.ts";
import { nanoseconds } from "../verify/time.ts";
import type { CometState, ConsensusState as Held } from "../verify/trusted-state.ts";
import { proofSpecs } from "./proof-specs.ts";

const SECOND = 1_000_000_000n;

/** Where the upgrade module of the Cosmos SDK commits to the light client of a chain's next revision. */
const UPGRADE_PATH = ["upgrade", "upgradedIBCState"];

interface Span {
  readonly seconds: bigint;
  readonly nanos: number;
}

const toNanoseconds = ({ seconds, nanos }: Span): bigint => nanoseconds({ seconds, nanos: BigInt(nanos) });
const toSpan = (time: bigint): Span => ({ seconds: time / SECOND, nanos: Number(time % SECOND) });

/** What of a consensus state is trusted. */
export const heldState = (height: bigint, { timestamp, root, nextValidatorsHash }: ConsensusStateType): Held => ({
  height,
  timestamp: toNanoseconds(timestamp),
  appHash: toHex(root.hash),
  nextValidatorsHash: toHex(nextValidatorsHash),
});

/** `consensusStates` ascending, the newest last. Whether it is usable is for the caller to check. */
export const cometState = (client: ClientStateType, consensusStates: readonly Held[]): CometState => ({
  chainId: client.chainId,
  trustLevelNumerator: client.trustLevel.numerator,
  trustLevelDenominator: client.trustLevel.denominator,
  trustingPeriod: toNanoseconds(client.trustingPeriod),
  unbondingPeriod: toNanoseconds(client.unbondingPeriod),
  maxClockDrift: toNanoseconds(client.maxClockDrift),
  frozen: client.frozenHeight.revisionHeight !== 0n || client.frozenHeight.revisionNumber !== 0n,
  consensusStates,
});

/** What MsgCreateClient takes: a light client that begins with the newest height of the state. */
export function newCometClient(state: CometState): { readonly clientState: Any; readonly consensusState: Any } {
  const latest = latestOf(state);
  const clientState = ClientState.fromPartial({
    chainId: state.chainId,
    trustLevel: { numerator: state.trustLevelNumerator, denominator: state.trustLevelDenominator },
    trustingPeriod: toSpan(state.trustingPeriod),
    unbondingPeriod: toSpan(state.unbondingPeriod),
    maxClockDrift: toSpan(state.maxClockDrift),
    frozenHeight: {},
    latestHeight: { revisionNumber: revisionOf(state.chainId), revisionHeight: latest.height },
    proofSpecs: [...proofSpecs],
    upgradePath: UPGRADE_PATH,
  });
  const consensusState = ConsensusState.fromPartial({
    timestamp: toSpan(latest.timestamp),
    root: { hash: fromHex(latest.appHash) },
    nextValidatorsHash: fromHex(latest.nextValidatorsHash),
  });
  return {
    clientState: { typeUrl: ClientState.typeUrl, value: ClientState.encode(clientState).finish() },
    consensusState: { typeUrl: ConsensusState.typeUrl, value: ConsensusState.encode(consensusState).finish() },
  };
}
