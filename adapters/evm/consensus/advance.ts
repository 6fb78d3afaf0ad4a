// The chain of light-client updates from what a light client trusts to the newest finalized header, each checked by our own
// verifier as it is added: an endpoint's answer is only a suggestion.
import { CausewayError } from "#adapters/protocol/error.ts";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import type { Hex } from "../rpc/hex.ts";
import { participants } from "../verify/committee.ts";
import { beaconUpdate } from "../verify/evidence.ts";
import { periodAtSlot } from "../verify/schedule.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import { applyUpdate } from "../verify/update.ts";
import type { BeaconEndpoint, FinalityUpdate, LightClientUpdate } from "./beacon-api.ts";
import { isUnreadable } from "./fork-behind.ts";
import { encodeUpdate, finalizedBlockHash, trustedCommitteeRoot } from "./canonical-update.ts";
import type { Committees } from "./committees.ts";

export interface AdvanceRequest {
  readonly endpoint: BeaconEndpoint;
  readonly state: BeaconState;
  /** Unix seconds on the clock that will judge the updates. */
  readonly now: bigint;
  readonly minHeight: bigint;
  /** Unix seconds. */
  readonly minTimestamp: bigint;
  readonly committees: Committees;
  /** Asked of the endpoint when absent. */
  readonly finality?: FinalityUpdate | undefined;
  /** Ends the walk early, after at least one update; see `workOf`. Absent: no end. */
  readonly mostWork?: number;
  /** The header of an execution block, checked against its hash. */
  readonly header: (hash: Hex) => Promise<BlockHeader>;
  readonly signal?: AbortSignal | undefined;
}

interface Evidence {
  /** Canonical updates, to be applied in order; empty when the light client trusts the newest height already. */
  readonly updates: readonly Uint8Array[];
  /** What the light client trusts after them. */
  readonly state: BeaconState;
}

export interface Advanced extends Evidence {
  /** Whether that is the newest finalized header; else there is more to prove once these are applied. */
  readonly isComplete: boolean;
}

/** An update counts 40, and one more for each absentee: gas and bytes of a transaction are about in these proportions. */
function workOf(update: Uint8Array): number {
  const { syncCommitteeBits: bits } = beaconUpdate.decode(update);
  return 40 + bits.length * 8 - participants(bits);
}

/**
 * Throws NOT_FINAL_YET, CLIENT_FROZEN, CLIENT_EXPIRED, EVIDENCE_REFUSED (the endpoint's data does not verify) or RPC_STALE (it
 * lacks what is needed).
 */
export async function advance(request: AdvanceRequest): Promise<Advanced> {
  const { endpoint, signal } = request;
  const finality = request.finality ?? (await endpoint.finalityUpdate(signal));
  await requireReached(request, finality);
  const signaturePeriod = periodAtSlot(request.state, finality.signature_slot);
  let reached: Advanced = { updates: [], state: request.state, isComplete: false };
  let work = 0;
  while (!reached.isComplete && work < (request.mostWork ?? Number.POSITIVE_INFINITY)) {
    const next = await further(request, reached, signaturePeriod, finality);
    if (next === undefined) return reached;
    for (const update of next.updates.slice(reached.updates.length)) work += workOf(update);
    reached = next;
  }
  return reached;
}

/** One update more. Undefined when it is no good and there are good ones already: they lead nearer, to a fork for example. */
async function further(
  request: AdvanceRequest,
  reached: Evidence,
  signaturePeriod: bigint,
  finality: FinalityUpdate,
): Promise<Advanced | undefined> {
  const isNear = trustedCommitteeRoot(reached.state, signaturePeriod) !== undefined;
  try {
    return isNear
      ? { ...(await extended(request, reached, finality, finality)), isComplete: true }
      : { ...(await nextPeriod(request, reached, signaturePeriod, finality)), isComplete: false };
  } catch (error) {
    if (reached.updates.length === 0 || !isUnreadable(error)) throw error;
    return undefined;
  }
}

async function requireReached(request: AdvanceRequest, finality: FinalityUpdate): Promise<void> {
  const { number, timestamp } = await request.header(finalizedBlockHash(request.state, finality));
  if (number >= request.minHeight && timestamp >= request.minTimestamp) return;
  const height = number >= request.minHeight ? number + 1n : request.minHeight;
  throw new CausewayError("NOT_FINAL_YET", `the chain is final up to height ${number}, height ${height} is needed`, {
    height,
    context: { finalizedHeight: number, finalizedTimestamp: timestamp },
  });
}

/** One step of the walk: learn the committee after the trusted one, or move on to it. */
async function nextPeriod(
  request: AdvanceRequest,
  reached: Evidence,
  target: bigint,
  finality: FinalityUpdate,
): Promise<Evidence> {
  const { endpoint, signal } = request;
  const { state } = reached;
  if (target < state.period)
    throw new CausewayError(
      "RPC_STALE",
      `${endpoint.name} is in period ${target}, the light client in ${state.period}`,
      {
        context: { endpoint: endpoint.name },
      },
    );
  const period = trustedCommitteeRoot(state, state.period + 1n) === undefined ? state.period : state.period + 1n;
  const [update] = await endpoint.updates(period, 1, signal);
  if (update === undefined)
    throw new CausewayError("RPC_STALE", `${endpoint.name} has no light-client update of period ${period}`, {
      context: { endpoint: endpoint.name, period },
    });
  const next = await extended(request, reached, update, finality);
  if (next.state.period === state.period && next.state.nextCommitteeRoot === state.nextCommitteeRoot)
    throw new CausewayError("RPC_STALE", `${endpoint.name}: the update of period ${period} leads no further yet`, {
      context: { endpoint: endpoint.name, period },
    });
  return next;
}

/** One update further, judged. Throws EVIDENCE_REFUSED, RPC_STALE. */
export async function extended(
  request: AdvanceRequest,
  reached: Evidence,
  update: FinalityUpdate | LightClientUpdate,
  finality: FinalityUpdate,
): Promise<Evidence> {
  const { endpoint, committees, signal, now } = request;
  const { state } = reached;
  const header = await request.header(finalizedBlockHash(state, update));
  if (!("next_sync_committee" in update) && header.number <= state.latestHeight) return reached;
  const period = periodAtSlot(state, update.signature_slot);
  const root = trustedCommitteeRoot(state, period);
  if (root === undefined) throw refused(endpoint.name, "UNKNOWN_PERIOD");
  const committee = await committees.find({ endpoint, root, period, state, finality }, signal);
  const bytes = encodeUpdate({ state, update, committee, executionHeader: header.rlp });
  const next = applyUpdate(state, bytes, now);
  if (typeof next === "string") throw refused(endpoint.name, next);
  if ("next_sync_committee" in update) committees.remember(update.next_sync_committee);
  return { updates: [...reached.updates, bytes], state: next };
}

/** The error for evidence that our verifier refused. */
export function refused(endpoint: string, reason: Reason): CausewayError {
  const code =
    reason === "CLIENT_FROZEN" || reason === "CLIENT_EXPIRED"
      ? reason
      : // Early in a period the best update may still be one that leads nowhere.
        reason === "STALE_HEADER"
        ? "RPC_STALE"
        : "EVIDENCE_REFUSED";
  return new CausewayError(code, `${endpoint}: ${reasons[reason]} (${reason})`, { context: { endpoint, reason } });
}
