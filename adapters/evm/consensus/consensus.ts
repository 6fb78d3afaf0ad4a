// What finalizes an EVM chain, as the adapter's roles use it: the finalized head, evidence of it, and a state to start from.
import type { ContradictAnswer } from "#adapters/misbehaviour.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import type { Hex } from "../rpc/hex.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import type { EndpointStatus } from "../../rpc/pool.ts";
import type { Pushes } from "../../rpc/pushes.ts";
import type { BeaconUpdate } from "../verify/evidence.ts";
import type { Advanced } from "./advance.ts";
import type { Network } from "./network.ts";
import type { UnknownFork } from "./unknown-forks.ts";

export interface AdvanceOptions {
  readonly state: BeaconState;
  /** Unix seconds on the clock that will judge the updates. */
  readonly now: bigint;
  readonly minHeight: bigint;
  /** Unix seconds. */
  readonly minTimestamp: bigint;
  /** Ends the evidence early, so that one transaction can carry it; an update without absentees counts 40. */
  readonly mostWork?: number;
}

export interface BootstrapOptions {
  readonly router: `0x${string}`;
  /** Seconds. */
  readonly trustingPeriod: bigint;
}

/** What our own light client of the chain verified. */
export interface Verified {
  /** Finalized, and held by the execution endpoints. */
  readonly head: BlockHeader;
  readonly state: BeaconState;
}

export interface CommitteeRoots {
  /** `proven`: verified by our own light client; `told`: what endpoints say, one root for each that answered. */
  readonly basis: "proven" | "told";
  readonly roots: readonly Hex[];
  /** Endpoints that did not say. */
  readonly silent: number;
}

export interface ContradictOptions {
  /** What the light client trusts that will judge the report. */
  readonly state: BeaconState;
  /** What it accepted; the keys of the committee that signed may be missing. */
  readonly accepted: BeaconUpdate;
  /** Unix seconds on the clock that will judge the report. */
  readonly now: bigint;
}

/** What follows finality for us, held against what others believe. */
export interface OwnLightClient {
  /** As `finalized`, with all that was verified on the way. */
  verified(signal?: AbortSignal): Promise<Verified>;
  /** Roots of the sync committee of a period; none when it is not known yet. */
  committeeRoots(period: bigint, signal?: AbortSignal): Promise<CommitteeRoots>;
  /** A report of misbehaviour from what the endpoints' own finality signed, judged. */
  contradict(options: ContradictOptions, signal?: AbortSignal): Promise<ContradictAnswer>;
}

export interface Consensus {
  /** Newest finalized execution block, which the execution endpoints have too. */
  finalized(signal?: AbortSignal): Promise<BlockHeader>;
  /** Milliseconds between looks for new finality that make sense on this chain. */
  pollMilliseconds(): Promise<number>;
  /** Wakes who waits for finality, where endpoints push it. */
  readonly newFinality: Pushes;
  /** Genesis and durations, as an endpoint says them. */
  network(): Promise<Network>;
  /** Evidence from a trusted state towards the finalized head. Throws NOT_FINAL_YET when that is too low. */
  advance(options: AdvanceOptions, signal?: AbortSignal): Promise<Advanced>;
  /**
   * What the light client's fork table lacks of the chain's schedule. `everyone`: all endpoints have to say the same; one that cannot be
   * asked counts as disagreement (RPC_BAD_ANSWER).
   */
  unknownForks(state: BeaconState, options: { readonly everyone: boolean }): Promise<UnknownFork[]>;
  /** A trusted state of the newest finalized header, for a new light client. */
  bootstrap(options: BootstrapOptions): Promise<BeaconState>;
  status(): readonly EndpointStatus[];
  readonly own: OwnLightClient;
}
