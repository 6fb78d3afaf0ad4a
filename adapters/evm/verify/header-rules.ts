// The rules a light-client update's own evidence must satisfy (README.md, "One update", rules 6 to 16), in order.
import type { Reason } from "#adapters/protocol/reason.ts";
import { fromHex, toHex } from "#adapters/protocol/bytes.ts";
import { absentees, committeeRoot, participants } from "./committee.ts";
import type { BeaconUpdate } from "./evidence.ts";
import type { ExecutionHeader } from "./execution-header.ts";
import { headerRoot, isValidBranch } from "./merkle.ts";
import { forkAtSlot, periodAtSlot } from "./schedule.ts";
import { isValidSignature, signersKey, signingRoot } from "./signature.ts";
import { NO_ROOT } from "./trusted-state.ts";
import type { BeaconState, Fork } from "./trusted-state.ts";

/** What the rules look at. */
export interface Evidence {
  readonly state: BeaconState;
  readonly update: BeaconUpdate;
  readonly header: ExecutionHeader;
  /** Unix seconds. */
  readonly now: bigint;
}

interface Forks {
  readonly attested: Fork;
  readonly finalized: Fork;
  readonly signature: Fork;
}

function forksOf({ state, update }: Evidence): Forks | undefined {
  const attested = forkAtSlot(state, update.attestedHeader.slot);
  const finalized = forkAtSlot(state, update.finalizedHeader.slot);
  const signature = forkAtSlot(state, update.signatureSlot - 1n);
  return attested && finalized && signature && { attested, finalized, signature };
}

const isInOrder = ({ update }: Evidence): boolean =>
  update.signatureSlot > update.attestedHeader.slot && update.attestedHeader.slot >= update.finalizedHeader.slot;

const isInTime = ({ state, update, now }: Evidence): boolean =>
  state.genesisTime + update.signatureSlot * state.secondsPerSlot <= now + state.maxClockDrift;

/** Root of the committee that has to have signed: the trusted one, or the known next one a period later. */
function signingCommitteeRoot({ state, update }: Evidence): string | undefined {
  const period = periodAtSlot(state, update.signatureSlot);
  if (period === state.period) return state.committeeRoot;
  return period === state.period + 1n && state.nextCommitteeRoot !== NO_ROOT ? state.nextCommitteeRoot : undefined;
}

const isExecutionHashInBody = ({ update, header }: Evidence, { finalized }: Forks): boolean =>
  isValidBranch(
    header.hash,
    update.executionBranch,
    finalized.executionBlockHashGindex,
    update.finalizedHeader.bodyRoot,
  );

const isFinalizedInState = ({ update }: Evidence, { attested }: Forks): boolean =>
  isValidBranch(
    headerRoot(update.finalizedHeader),
    update.finalityBranch,
    attested.finalizedRootGindex,
    update.attestedHeader.stateRoot,
  );

function isNextCommitteeInState({ state, update }: Evidence, { attested }: Forks): boolean {
  const [next] = update.nextSyncCommittee;
  if (next === undefined) return true;
  const period = periodAtSlot(state, update.attestedHeader.slot);
  if (period !== periodAtSlot(state, update.signatureSlot) || BigInt(next.pubkeys.length) !== state.committeeSize)
    return false;
  const root = committeeRoot(next);
  const isKnown = period === state.period && state.nextCommitteeRoot !== NO_ROOT;
  return (
    isValidBranch(
      root,
      update.nextSyncCommitteeBranch,
      attested.nextSyncCommitteeGindex,
      update.attestedHeader.stateRoot,
    ) &&
    (!isKnown || toHex(root) === state.nextCommitteeRoot)
  );
}

/** The first rule broken, or undefined when the evidence stands. */
export function brokenRule(evidence: Evidence): Reason | undefined {
  const { state, update } = evidence;
  if (!isInOrder(evidence)) return "SLOT_ORDER";
  if (!isInTime(evidence)) return "FUTURE_HEADER";
  const forks = forksOf(evidence);
  if (forks === undefined) return "UNKNOWN_FORK";
  const trustedRoot = signingCommitteeRoot(evidence);
  if (trustedRoot === undefined) return "UNKNOWN_PERIOD";
  if (!isExecutionHashInBody(evidence, forks)) return "INVALID_EXECUTION_BRANCH";
  if (!isFinalizedInState(evidence, forks)) return "INVALID_FINALITY_BRANCH";
  if (!isNextCommitteeInState(evidence, forks)) return "INVALID_NEXT_COMMITTEE";
  const { syncCommittee, syncCommitteeBits } = update;
  if (
    BigInt(syncCommittee.pubkeys.length) !== state.committeeSize ||
    toHex(committeeRoot(syncCommittee)) !== trustedRoot
  )
    return "INVALID_COMMITTEE";
  if (3n * BigInt(participants(syncCommitteeBits)) < 2n * state.committeeSize) return "INSUFFICIENT_PARTICIPATION";
  const key = signersKey(syncCommittee.aggregatePubkey, absentees(syncCommittee, syncCommitteeBits));
  if (key === undefined) return "INVALID_PUBLIC_KEY";
  const root = signingRoot(
    headerRoot(update.attestedHeader),
    fromHex(forks.signature.version),
    fromHex(state.genesisValidatorsRoot),
  );
  return isValidSignature(update.syncCommitteeSignature, root, key) ? undefined : "INVALID_SIGNATURE";
}
