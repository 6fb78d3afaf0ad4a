// Vectors: nodes that are genuine in another place, at another depth or in another seat, and zeros in place of them.
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { BeaconBlockHeader, BeaconUpdate, SyncCommittee } from "#adapters/evm/verify/evidence.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { beaconHeader } from "#test/support/consensus-spec-types.ts";
import { sparseTree } from "#test/support/sparse-tree.ts";
import { makeChain, updateVector } from "./chain.ts";
import type { Vector } from "../vector.ts";

const chain = makeChain();
const options = { signatureSlot: 240n, finalizedSlot: 224n };
const update = chain.makeUpdate(options);
const now = chain.timeOf(240n);
const zeros = new Uint8Array(32);
const FINALIZED = 169;
const CURRENT_COMMITTEE = 86;
const EXECUTION_HASH = 812;

const refused = (
  reason: Reason,
  name: string,
  why: string,
  evidence: BeaconUpdate,
  state: Partial<BeaconState> = {},
): Vector =>
  updateVector(
    { name, why, state: { ...chain.trusted, ...state }, now, expect: reason },
    [evidence],
    chain.blockOf(evidence.finalizedHeader.slot),
  );

/** The update over an attested state of which only these nodes are known; signed by everyone. */
const attesting = (leaves: ReadonlyMap<number, Uint8Array>, parts: Partial<BeaconUpdate>): BeaconUpdate => {
  const stateRoot = sparseTree(leaves).root;
  return chain.sign({ ...update, ...parts, attestedHeader: { ...update.attestedHeader, stateRoot } });
};

const finalizedRoot = beaconHeader.hashTreeRoot(update.finalizedHeader);
const finalizedAt = (gindex: number): BeaconUpdate => {
  const leaves = new Map([[gindex, finalizedRoot]]);
  return attesting(leaves, { finalityBranch: sparseTree(leaves).branch(gindex) });
};

const committeeAt = (gindex: number, period: bigint): BeaconUpdate => {
  const leaves = new Map([
    [FINALIZED, finalizedRoot],
    [gindex, chain.committeeRoot(period)],
  ]);
  const tree = sparseTree(leaves);
  return attesting(leaves, {
    finalityBranch: tree.branch(FINALIZED),
    nextSyncCommittee: [chain.committee(period)],
    nextSyncCommitteeBranch: tree.branch(gindex),
  });
};

/** Under the body root: the execution hash in place of the node at another index. */
function anchoredAt(gindex: number): BeaconUpdate {
  const made = chain.makeUpdate(options);
  const body = sparseTree(new Map([[gindex, keccak_256(made.executionHeader)]]));
  const finalizedHeader = { ...made.finalizedHeader, bodyRoot: body.root };
  return { ...made, finalizedHeader, executionBranch: body.branch(gindex) };
}

const places = (): Vector[] => [
  refused(
    "INVALID_FINALITY_BRANCH",
    "finality-branch-of-a-shallower-index",
    "where Altair had the finalized root: another depth",
    finalizedAt(105),
  ),
  refused(
    "INVALID_FINALITY_BRANCH",
    "finality-branch-of-a-deeper-index",
    "one level below the finalized root",
    finalizedAt(2 * FINALIZED),
  ),
  refused(
    "INVALID_FINALITY_BRANCH",
    "finality-branch-of-the-sibling",
    "the right depth, and the place beside",
    finalizedAt(FINALIZED ^ 1),
  ),
  refused(
    "INVALID_NEXT_COMMITTEE",
    "next-committee-is-the-current-one",
    "the current committee, genuinely in the attested state, is not the next one",
    committeeAt(CURRENT_COMMITTEE, 3n),
  ),
  refused(
    "INVALID_NEXT_COMMITTEE",
    "next-committee-branch-of-a-shallower-index",
    "where Altair had the next committee: another depth",
    committeeAt(55, 4n),
  ),
  refused(
    "INVALID_EXECUTION_BRANCH",
    "execution-branch-of-the-sibling",
    "the right depth, and the place beside",
    anchoredAt(EXECUTION_HASH ^ 1),
  ),
  refused(
    "INVALID_EXECUTION_BRANCH",
    "execution-branch-of-a-deeper-index",
    "one level below the block hash",
    anchoredAt(2 * EXECUTION_HASH),
  ),
  refused(
    "INVALID_EXECUTION_BRANCH",
    "execution-branch-of-a-shallower-index",
    "one level above the block hash",
    anchoredAt(EXECUTION_HASH >> 1),
  ),
];

const zeroHeader = (slot: bigint): BeaconBlockHeader => ({
  slot,
  proposerIndex: 0n,
  parentRoot: zeros,
  stateRoot: zeros,
  bodyRoot: zeros,
});
const zeroBranch = (nodes: number): Uint8Array[] => Array.from({ length: nodes }, () => zeros);
const zeroCommittee: SyncCommittee = {
  pubkeys: Array.from({ length: 32 }, () => new Uint8Array(48)),
  aggregatePubkey: new Uint8Array(48),
};

const nothing = (): Vector[] => [
  refused("INVALID_EXECUTION_BRANCH", "zero-finalized-header", "a header of zeros holds no block", {
    ...update,
    finalizedHeader: zeroHeader(224n),
    executionBranch: zeroBranch(9),
  }),
  refused("INVALID_FINALITY_BRANCH", "zero-attested-header", "a state of zeros finalizes nothing", {
    ...chain.sign({ ...update, attestedHeader: zeroHeader(239n) }),
    finalityBranch: zeroBranch(7),
  }),
  refused("INVALID_NEXT_COMMITTEE", "zero-next-committee", "keys of zeros are no committee", {
    ...update,
    nextSyncCommittee: [zeroCommittee],
    nextSyncCommitteeBranch: zeroBranch(6),
  }),
  refused("INVALID_COMMITTEE", "zero-committee", "keys of zeros are not the committee that is trusted", {
    ...update,
    syncCommittee: zeroCommittee,
  }),
  refused("INVALID_COMMITTEE", "zero-committee-root", "no committee has a root of zeros", update, {
    committeeRoot: `0x${"00".repeat(32)}`,
  }),
  refused("INVALID_SIGNATURE", "zero-signature", "zeros are no signature", {
    ...update,
    syncCommitteeSignature: new Uint8Array(96),
  }),
];

const { pubkeys, aggregatePubkey } = update.syncCommittee;
const absent = chain.makeUpdate({ ...options, absent: [5] });
const mirrored = (byte: number): number =>
  Number.parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2);

const seats = (): Vector[] => [
  refused("INVALID_COMMITTEE", "committee-aggregate-in-a-seat", "the aggregate and a member's key change places", {
    ...update,
    syncCommittee: { pubkeys: [aggregatePubkey, ...pubkeys.slice(1)], aggregatePubkey: pubkeys[0] as Uint8Array },
  }),
  refused("INVALID_COMMITTEE", "committee-key-twice", "one member in two seats", {
    ...update,
    syncCommittee: { aggregatePubkey, pubkeys: pubkeys.with(1, pubkeys[0] as Uint8Array) },
  }),
  refused("MALFORMED", "participation-bit-beyond-the-committee", "there is no 33rd of 32 members", {
    ...absent,
    syncCommitteeBits: Uint8Array.of(...absent.syncCommitteeBits, 1),
  }),
  refused("INVALID_SIGNATURE", "absentee-in-another-place", "member 6 is named absent instead of member 5", {
    ...absent,
    syncCommitteeBits: absent.syncCommitteeBits.with(0, 0xbf),
  }),
  refused("INVALID_SIGNATURE", "participation-bits-mirrored", "the lowest bit is the first member", {
    ...absent,
    syncCommitteeBits: absent.syncCommitteeBits.map(mirrored),
  }),
  refused("INVALID_SIGNATURE", "signature-of-one-for-all", "one member signed, and all are counted", {
    ...chain.makeUpdate({ ...options, absent: Array.from({ length: 31 }, (_, index) => index + 1) }),
    syncCommitteeBits: update.syncCommitteeBits,
  }),
];

export const aliasVectors = (): Vector[] => [...places(), ...nothing(), ...seats()];
