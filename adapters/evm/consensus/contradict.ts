// Evidence of a fork: an update that a light client accepted, and one that our own endpoints' finality signed, for one slot or
// one height. Where signatures exist for both sides, anybody can see that the committee signed twice.
import type { ContradictAnswer } from "#adapters/misbehaviour.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import { toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Pool } from "../../rpc/pool.ts";
import { beaconMisbehaviour, beaconUpdate } from "../verify/evidence.ts";
import type { SyncCommittee } from "../verify/evidence.ts";
import { parseExecutionHeader } from "../verify/execution-header.ts";
import { headerRoot } from "../verify/merkle.ts";
import { verifyMisbehaviour } from "../verify/misbehaviour.ts";
import { periodAtSlot } from "../verify/schedule.ts";
import { encodeTrustedState } from "../verify/trusted-state.ts";
import type { BeaconEndpoint, FinalityUpdate } from "./beacon-api.ts";
import { encodeUpdate, finalizedBlockHash, trustedCommitteeRoot } from "./canonical-update.ts";
import type { Committees } from "./committees.ts";
import type { ContradictOptions } from "./consensus.ts";

/** A finality update that our own light client verified. */
export interface Witnessed {
  readonly update: FinalityUpdate;
  /** Of its finalized execution block. */
  readonly height: bigint;
}

/** `height` where it is known without asking. */
interface Candidate {
  readonly update: FinalityUpdate;
  readonly height: bigint | undefined;
}

export interface OwnEvidence extends ContradictOptions {
  readonly beacon: Pool<BeaconEndpoint>;
  readonly committees: Committees;
  readonly witnessed: readonly Witnessed[];
  /** The header of an execution block, checked against its hash. */
  readonly header: (hash: Hex) => Promise<BlockHeader>;
}

/** The report has passed our own verifier. */
export async function contradict(own: OwnEvidence, signal?: AbortSignal): Promise<ContradictAnswer> {
  const { state, accepted, now } = own;
  const trusted = encodeTrustedState(state);
  const signers = await findCommittee(own, accepted.signatureSlot, signal);
  if (typeof signers === "string") return { ok: false, why: `the accepted update is no evidence any more: ${signers}` };
  // A next committee is not signed for itself: the update says the same without it, and needs no keys that nobody shows.
  const first = beaconUpdate.encode({
    ...accepted,
    syncCommittee: signers,
    nextSyncCommittee: [],
    nextSyncCommitteeBranch: [],
  });
  const refusals = new Set<string>();
  for (const candidate of await ownUpdates(own, signal)) {
    const header = await contradicting(own, candidate);
    if (header === undefined) continue;
    const { update } = candidate;
    const committee = await findCommittee(own, update.signature_slot, signal);
    if (typeof committee === "string") {
      refusals.add(committee);
      continue;
    }
    const second = encodeUpdate({ state, update, committee, executionHeader: header.rlp });
    const report = beaconMisbehaviour.encode({ first, second });
    const verdict = verifyMisbehaviour({ trusted, misbehaviour: report, now });
    if (verdict.ok) return { ok: true, report };
    refusals.add(`${verdict.reason} at ${verdict.at}`);
  }
  const { slot } = accepted.finalizedHeader;
  const height = parseExecutionHeader(accepted.executionHeader)?.height;
  return {
    ok: false,
    why:
      refusals.size > 0
        ? `no signed finality of our endpoints makes a valid report: ${[...refusals].join("; ")}`
        : `our endpoints have no signed finality of slot ${slot} or height ${height}`,
  };
}

/** What was verified first, then what endpoints serve now; without next committees. */
async function ownUpdates(own: OwnEvidence, signal?: AbortSignal): Promise<Candidate[]> {
  const { state, accepted, beacon, witnessed } = own;
  const slots = [accepted.finalizedHeader.slot, accepted.signatureSlot];
  const periods = new Set(slots.map((slot) => periodAtSlot(state, slot)));
  const served = await Promise.allSettled(
    beacon.endpoints.flatMap((endpoint): Promise<FinalityUpdate[]>[] => [
      endpoint.finalityUpdate(signal).then((update) => [update]),
      ...[...periods].map((period) => endpoint.updates(period, 1, signal)),
    ]),
  );
  const now = served.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  return [...witnessed, ...now.map((update) => ({ update: withoutCommittee(update), height: undefined }))];
}

const withoutCommittee = (update: FinalityUpdate): FinalityUpdate => ({
  attested_header: update.attested_header,
  finalized_header: update.finalized_header,
  finality_branch: update.finality_branch,
  sync_aggregate: update.sync_aggregate,
  signature_slot: update.signature_slot,
});

/** The execution header of an update that finalizes something else for the slot or the height of the accepted one. */
async function contradicting(own: OwnEvidence, { update, height }: Candidate): Promise<BlockHeader | undefined> {
  const accepts = parseExecutionHeader(own.accepted.executionHeader);
  if (accepts === undefined) return undefined;
  const { finalizedHeader } = own.accepted;
  const { beacon } = update.finalized_header;
  const isSameSlot = beacon.slot === finalizedHeader.slot;
  if (isSameSlot && toHex(headerRoot(beacon)) === toHex(headerRoot(finalizedHeader))) return undefined;
  const blockHash = finalizedBlockHash(own.state, update);
  const isSameBlock = blockHash === toHex(accepts.hash);
  const isOtherHeight = height !== undefined && height !== accepts.height;
  if (!isSameSlot && (isSameBlock || isOtherHeight)) return undefined;
  const header = await own.header(blockHash).catch((error: unknown) => {
    if (isCausewayError(error)) return undefined;
    throw error;
  });
  return header !== undefined && (isSameSlot || header.number === accepts.height) ? header : undefined;
}

/** Keys of the committee that signs in a slot, or why there are none. Nobody is to blame for not knowing a forged one. */
async function findCommittee(
  { state, beacon, committees }: OwnEvidence,
  signatureSlot: bigint,
  signal?: AbortSignal,
): Promise<SyncCommittee | string> {
  const period = periodAtSlot(state, signatureSlot);
  const root = trustedCommitteeRoot(state, period);
  if (root === undefined)
    return `it was signed in period ${period}, whose committee the light client, in period ${state.period}, does not keep`;
  let why = "no endpoint answers";
  for (const endpoint of beacon.endpoints) {
    try {
      const finality = await endpoint.finalityUpdate(signal);
      return await committees.find({ endpoint, root, period, state, finality }, signal);
    } catch (error) {
      if (!isCausewayError(error) || error.code === "CANCELLED") throw error;
      why = error.message;
    }
  }
  return why;
}
