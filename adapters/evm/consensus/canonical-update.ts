// From the beacon API's light-client updates to the canonical evidence: one form for every fork.
import { fromHex, toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { beaconUpdate } from "../verify/evidence.ts";
import type { SyncCommittee } from "../verify/evidence.ts";
import { forkAtSlot } from "../verify/schedule.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import type { FinalityUpdate, LightClientHeader, LightClientUpdate } from "./beacon-api.ts";
import { executionAnchor, normalizedBranch } from "./execution-anchor.ts";
import type { ExecutionAnchor } from "./execution-anchor.ts";

/** Without a row of the fork table nothing can be verified; the index only shapes branches that will be refused. */
const NO_ROW = { finalizedRootGindex: 1, nextSyncCommitteeGindex: 1, executionBlockHashGindex: 1 };

const rowAt = (state: BeaconState, slot: bigint) => forkAtSlot(state, slot) ?? NO_ROW;

const anchorOf = (state: BeaconState, header: LightClientHeader): ExecutionAnchor =>
  executionAnchor(header, rowAt(state, header.beacon.slot).executionBlockHashGindex);

/** Hash of the execution block that a light-client header finalizes. */
export const finalizedBlockHash = (state: BeaconState, update: FinalityUpdate): Hex =>
  toHex(anchorOf(state, update.finalized_header).blockHash);

export interface UpdateParts {
  readonly state: BeaconState;
  /** With a next committee, when it is a period's best update. */
  readonly update: FinalityUpdate | LightClientUpdate;
  /** The committee that signed. */
  readonly committee: SyncCommittee;
  /** RLP of the finalized execution block's header. */
  readonly executionHeader: Uint8Array;
}

export function encodeUpdate({ state, update, committee, executionHeader }: UpdateParts): Uint8Array {
  const row = rowAt(state, update.attested_header.beacon.slot);
  const next =
    "next_sync_committee" in update
      ? {
          nextSyncCommittee: [update.next_sync_committee],
          nextSyncCommitteeBranch: normalizedBranch(update.next_sync_committee_branch, row.nextSyncCommitteeGindex),
        }
      : { nextSyncCommittee: [], nextSyncCommitteeBranch: [] };
  return beaconUpdate.encode({
    attestedHeader: update.attested_header.beacon,
    finalizedHeader: update.finalized_header.beacon,
    finalityBranch: normalizedBranch(update.finality_branch, row.finalizedRootGindex),
    executionBranch: anchorOf(state, update.finalized_header).branch,
    executionHeader,
    ...next,
    syncCommittee: committee,
    syncCommitteeBits: update.sync_aggregate.sync_committee_bits,
    syncCommitteeSignature: update.sync_aggregate.sync_committee_signature,
    signatureSlot: update.signature_slot,
  });
}

/** The trusted root of the committee of `period`, when the light client knows it. */
export function trustedCommitteeRoot(state: BeaconState, period: bigint): Hex | undefined {
  if (period === state.period) return state.committeeRoot;
  const isNextKnown = fromHex(state.nextCommitteeRoot).some((byte) => byte !== 0);
  return period === state.period + 1n && isNextKnown ? state.nextCommitteeRoot : undefined;
}
