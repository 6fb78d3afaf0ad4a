// Vectors: light-client updates that are refused, in the order of the rules they break.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { fromRlp, toRlp } from "viem/utils";
import type { Hex } from "viem";
import type { BeaconUpdate } from "#adapters/evm/verify/evidence.ts";
import type { BeaconState, Fork } from "#adapters/evm/verify/trusted-state.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { electraRow, executionHeaderRlp, gloasRow } from "#test/support/beacon-evidence.ts";
import type { BeaconFixture, UpdateOptions } from "#test/support/beacon-evidence.ts";
import { sparseTree } from "#test/support/sparse-tree.ts";
import { makeChain, moved, updateVector } from "./chain.ts";
import type { Vector } from "../vector.ts";

const chain = makeChain();
const knowing = makeChain({ nextCommitteeKnown: true });
const options = { signatureSlot: 240n, finalizedSlot: 224n };
const update = chain.makeUpdate(options);
const withNext = chain.makeUpdate({ ...options, nextCommittee: true });
const now = chain.timeOf(240n);
const LAST_SLOT = (1n << 64n) - 1n;

interface Given {
  readonly on?: BeaconFixture;
  readonly state?: Partial<BeaconState>;
  readonly now?: bigint;
}

function refused(reason: Reason, name: string, why: string, evidence: BeaconUpdate, given: Given = {}): Vector {
  const { on = chain, state = {}, now: at = now } = given;
  const block = on.blockOf(evidence.finalizedHeader.slot);
  return updateVector({ name, why, state: { ...on.trusted, ...state }, now: at, expect: reason }, [evidence], block);
}

const flipped = (bytes: Uint8Array, at = 0): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
const firstFlipped = (branch: readonly Uint8Array[]): Uint8Array[] =>
  branch.map((node, index) => (index === 0 ? flipped(node) : node));

/** The update over an execution header with other items; the header is really in the body. */
function withExecutionHeader(change: (items: Hex[]) => readonly (Hex | readonly Hex[])[]): BeaconUpdate {
  const items = fromRlp(executionHeaderRlp(chain.blockOf(224n)), "hex") as Hex[];
  return anchoredOn(toRlp(change(items) as Hex[], "bytes"));
}

function anchoredOn(executionHeader: Uint8Array): BeaconUpdate {
  const body = sparseTree(new Map([[812, keccak_256(executionHeader)]]));
  const finalizedHeader = { ...update.finalizedHeader, bodyRoot: body.root };
  return { ...update, finalizedHeader, executionHeader, executionBranch: body.branch(812) };
}

const replaced = (items: readonly Hex[], at: number, item: Hex | readonly Hex[]): (Hex | readonly Hex[])[] =>
  items.map<Hex | readonly Hex[]>((old, index) => (index === at ? item : old));

const shape = (): Vector[] => [
  refused("MALFORMED", "malformed-bits-too-short", "one bit per member, no fewer", {
    ...update,
    syncCommitteeBits: update.syncCommitteeBits.slice(1),
  }),
  refused("MALFORMED", "malformed-bits-too-long", "no bits beyond the committee", {
    ...update,
    syncCommitteeBits: new Uint8Array(64).fill(0xff),
  }),
  refused("MALFORMED", "malformed-branch-without-committee", "a branch for a committee that is not there", {
    ...update,
    nextSyncCommitteeBranch: withNext.nextSyncCommitteeBranch,
  }),
  refused("MALFORMED", "malformed-committee-without-branch", "a next committee without its branch", {
    ...withNext,
    nextSyncCommitteeBranch: [],
  }),
];

const lightClient = (): Vector[] => [
  refused("CLIENT_FROZEN", "frozen-update", "a frozen light client accepts nothing", update, {
    state: { frozen: true },
  }),
  refused("CLIENT_FROZEN", "frozen-and-expired", "frozen is judged before expired", update, {
    state: { frozen: true, trustingPeriod: 0n },
  }),
  refused("CLIENT_EXPIRED", "expired-by-one-second", "now is one second past the trusting period", update, {
    now: chain.startBlock.timestamp + chain.trusted.trustingPeriod + 1n,
  }),
];

const executionHeader = (): Vector[] => [
  refused(
    "INVALID_EXECUTION_HEADER",
    "execution-header-too-few-items",
    "a block header has had 15 items since Frontier",
    withExecutionHeader((items) => items.slice(0, 14)),
  ),
  refused(
    "INVALID_EXECUTION_HEADER",
    "execution-header-nested-list",
    "no item of a header is a list",
    withExecutionHeader((items) => replaced(items, 20, ["0x01"])),
  ),
  refused(
    "INVALID_EXECUTION_HEADER",
    "execution-header-short-state-root",
    "a state root has 32 bytes",
    withExecutionHeader((items) => replaced(items, 3, `0x${"11".repeat(31)}`)),
  ),
  refused(
    "INVALID_EXECUTION_HEADER",
    "execution-header-number-with-leading-zero",
    "integers have no leading zeros",
    withExecutionHeader((items) => replaced(items, 8, "0x0004c8")),
  ),
  refused(
    "INVALID_EXECUTION_HEADER",
    "execution-header-timestamp-too-long",
    "a timestamp fits into eight bytes",
    withExecutionHeader((items) => replaced(items, 11, `0x01${"00".repeat(8)}`)),
  ),
  refused(
    "INVALID_EXECUTION_HEADER",
    "execution-header-trailing-byte",
    "nothing follows the list",
    anchoredOn(Uint8Array.of(...update.executionHeader, 0)),
  ),
  refused("INVALID_EXECUTION_HEADER", "execution-header-empty", "no header at all", {
    ...update,
    executionHeader: new Uint8Array(),
  }),
];

const slots = (): Vector[] => [
  refused(
    "SLOT_ORDER",
    "slot-order-signature-not-after-attested",
    "a header is signed in a later slot",
    chain.makeUpdate({ ...options, attestedSlot: 240n }),
  ),
  refused(
    "SLOT_ORDER",
    "slot-order-finalized-after-attested",
    "nothing can attest to a header of its future",
    chain.makeUpdate({ signatureSlot: 240n, attestedSlot: 230n, finalizedSlot: 231n }),
  ),
  refused("FUTURE_HEADER", "future-by-one-second", "one second beyond the allowed drift", update, {
    now: now - chain.trusted.maxClockDrift - 1n,
  }),
  refused("FUTURE_HEADER", "future-beyond-all-time", "the last slot that a number can name", {
    ...update,
    attestedHeader: { ...update.attestedHeader, slot: LAST_SLOT - 1n },
    signatureSlot: LAST_SLOT,
  }),
  refused("UNKNOWN_FORK", "unknown-fork-finalized", "the table begins after the finalized header", update, {
    state: { forks: [electraRow(29n)] },
  }),
  refused("UNKNOWN_FORK", "unknown-fork-empty-table", "no fork is known at all", update, { state: { forks: [] } }),
  refused(
    "UNKNOWN_PERIOD",
    "unknown-period-next-not-known",
    "signed in the next period, whose committee is not known",
    chain.makeUpdate({ signatureSlot: 260n, finalizedSlot: 248n }),
    { now: chain.timeOf(260n) },
  ),
  refused(
    "UNKNOWN_PERIOD",
    "unknown-period-two-ahead",
    "signed two periods later",
    knowing.makeUpdate({ signatureSlot: 325n, finalizedSlot: 312n }),
    { on: knowing, now: chain.timeOf(325n) },
  ),
  refused(
    "UNKNOWN_PERIOD",
    "unknown-period-past",
    "signed by a committee that is no longer trusted",
    chain.makeUpdate({ signatureSlot: 190n, finalizedSlot: 176n }),
  ),
];

const branches = (): Vector[] => [
  refused("INVALID_EXECUTION_BRANCH", "execution-branch-flipped", "one bit of a sibling", {
    ...update,
    executionBranch: firstFlipped(update.executionBranch),
  }),
  refused("INVALID_EXECUTION_BRANCH", "execution-branch-too-short", "exactly one node per level", {
    ...update,
    executionBranch: update.executionBranch.slice(0, -1),
  }),
  refused("INVALID_EXECUTION_BRANCH", "execution-header-of-another-block", "well-formed, and not in the body", {
    ...update,
    executionHeader: executionHeaderRlp(chain.blockOf(225n)),
  }),
  refused(
    "INVALID_EXECUTION_BRANCH",
    "execution-branch-of-another-fork",
    "an Electra branch where the table says Gloas",
    update,
    { state: { forks: [electraRow(0n), gloasRow(28n)] } },
  ),
  refused("INVALID_FINALITY_BRANCH", "finality-branch-flipped", "one bit of a sibling", {
    ...update,
    finalityBranch: firstFlipped(update.finalityBranch),
  }),
  refused("INVALID_FINALITY_BRANCH", "finality-branch-too-long", "exactly one node per level", {
    ...update,
    finalityBranch: [...update.finalityBranch, new Uint8Array(32)],
  }),
  refused("INVALID_FINALITY_BRANCH", "finality-other-header", "a finalized header the attested state does not hold", {
    ...update,
    finalizedHeader: { ...update.finalizedHeader, proposerIndex: 18n },
  }),
  refused("INVALID_FINALITY_BRANCH", "finality-branch-missing", "no branch is no proof", {
    ...update,
    finalityBranch: [],
  }),
];

const committees = (): Vector[] => [
  refused("INVALID_NEXT_COMMITTEE", "next-committee-branch-flipped", "one bit of a sibling", {
    ...withNext,
    nextSyncCommitteeBranch: firstFlipped(withNext.nextSyncCommitteeBranch),
  }),
  refused("INVALID_NEXT_COMMITTEE", "next-committee-too-few-keys", "a committee has its full size", {
    ...withNext,
    nextSyncCommittee: withNext.nextSyncCommittee.map((next) => ({ ...next, pubkeys: next.pubkeys.slice(0, 16) })),
  }),
  refused("INVALID_NEXT_COMMITTEE", "next-committee-other-aggregate", "the aggregate key is part of the root", {
    ...withNext,
    nextSyncCommittee: withNext.nextSyncCommittee.map((next) => ({
      ...next,
      aggregatePubkey: update.syncCommittee.aggregatePubkey,
    })),
  }),
  refused(
    "INVALID_NEXT_COMMITTEE",
    "next-committee-differs-from-known",
    "the attested state holds another next committee than the known one",
    knowing.makeUpdate({ ...options, nextCommittee: true, nextCommitteePeriod: 9n }),
    { on: knowing },
  ),
  refused(
    "INVALID_NEXT_COMMITTEE",
    "next-committee-across-periods",
    "attested in one period, signed in the next",
    knowing.makeUpdate({ signatureSlot: 256n, finalizedSlot: 240n, nextCommittee: true }),
    { on: knowing, now: chain.timeOf(256n) },
  ),
  refused(
    "INVALID_COMMITTEE",
    "committee-of-another-period",
    "validly signed by a committee that is not trusted",
    chain.makeUpdate({ ...options, signingPeriod: 7n }),
  ),
  refused("INVALID_COMMITTEE", "committee-too-few-keys", "a committee has its full size", {
    ...update,
    syncCommittee: { ...update.syncCommittee, pubkeys: update.syncCommittee.pubkeys.slice(1) },
  }),
  refused("INVALID_COMMITTEE", "committee-keys-swapped", "the order of the keys is part of the root", {
    ...update,
    syncCommittee: { ...update.syncCommittee, pubkeys: update.syncCommittee.pubkeys.toReversed() },
  }),
  refused(
    "INSUFFICIENT_PARTICIPATION",
    "participation-21-of-32",
    "63 < 64: one signer short of two thirds",
    chain.makeUpdate({ ...options, absent: Array.from({ length: 11 }, (_, index) => index) }),
  ),
  refused("INSUFFICIENT_PARTICIPATION", "participation-none", "nobody signed", {
    ...update,
    syncCommitteeBits: new Uint8Array(4),
  }),
];

const brokenMember = makeChain({ brokenKeys: [5] });
const brokenAggregate = makeChain({ brokenAggregate: true });
const otherFork = makeChain({ forks: [electraRow(0n), { ...electraRow(29n), version: "0x06000000" }] });
const infinity = Uint8Array.from({ length: 96 }, (_, index) => (index === 0 ? 0xc0 : 0));

/** Later rules than the table's from slot 216 on; what is refused is the first thing that the fork changed. */
function unknownForks(): Vector[] {
  const unknown = (later: Partial<Fork>, reason: Reason, name: string, why: string, made: UpdateOptions): Vector => {
    const on = makeChain({ forks: [electraRow(0n), { ...electraRow(27n), version: "0x08000000", ...later }] });
    return refused(reason, `fork-not-known-${name}`, why, on.makeUpdate(made), {
      on,
      state: { forks: [electraRow(0n)] },
    });
  };
  const across = { signatureSlot: 220n, finalizedSlot: 212n };
  return [
    unknown({}, "INVALID_SIGNATURE", "version", "a fork that moved nothing: the signature names its version", across),
    unknown({}, "INVALID_SIGNATURE", "signed-late", "attested before the fork, signed after it began", {
      signatureSlot: 217n,
      attestedSlot: 215n,
      finalizedSlot: 212n,
    }),
    unknown(
      gloasRow(27n),
      "INVALID_EXECUTION_BRANCH",
      "finalized",
      "finalized under it: the block hash moved",
      options,
    ),
    unknown(
      gloasRow(27n),
      "INVALID_FINALITY_BRANCH",
      "attested",
      "attested under it: the finalized root moved",
      across,
    ),
    unknown(
      { finalizedRootGindex: 173 },
      "INVALID_FINALITY_BRANCH",
      "same-depth",
      "the finalized root moved to a place at the same depth",
      across,
    ),
    unknown(
      { nextSyncCommitteeGindex: 2946 },
      "INVALID_NEXT_COMMITTEE",
      "next-committee",
      "only the next committee moved",
      { ...across, nextCommittee: true },
    ),
  ];
}

const gloas = makeChain({ forks: [electraRow(0n), gloasRow(27n)] });

/** The right evidence, put on the other side of the fork. */
const misplaced = (): Vector[] => [
  refused(
    "INVALID_SIGNATURE",
    "fork-version-a-slot-early",
    "in the fork's first slot its version is not used yet",
    { ...gloas.makeUpdate({ signatureSlot: 217n, attestedSlot: 215n, finalizedSlot: 212n }), signatureSlot: 216n },
    { on: gloas },
  ),
  refused(
    "INVALID_SIGNATURE",
    "fork-version-a-slot-late",
    "from the fork's second slot on the version before it is not used any more",
    { ...gloas.makeUpdate({ signatureSlot: 216n, finalizedSlot: 212n }), signatureSlot: 217n },
    { on: gloas },
  ),
  refused(
    "INVALID_FINALITY_BRANCH",
    "fork-finality-branch-a-slot-late",
    "attested in the fork's first slot, with the branch of the fork before",
    chain.makeUpdate({ signatureSlot: 217n, finalizedSlot: 212n }),
    { on: gloas },
  ),
  refused(
    "INVALID_FINALITY_BRANCH",
    "fork-finality-branch-a-slot-early",
    "attested in the last slot before the fork, with the fork's branch",
    makeChain({ forks: [electraRow(0n), gloasRow(26n)] }).makeUpdate({ signatureSlot: 216n, finalizedSlot: 207n }),
    { on: gloas },
  ),
  refused(
    "INVALID_EXECUTION_BRANCH",
    "fork-execution-branch-a-slot-late",
    "finalized in the fork's first slot, with the branch of the fork before",
    chain.makeUpdate({ signatureSlot: 218n, finalizedSlot: 216n }),
    { on: gloas },
  ),
  refused(
    "INVALID_EXECUTION_BRANCH",
    "fork-execution-branch-a-slot-early",
    "finalized in the last slot before the fork, with the fork's branch",
    makeChain({ forks: [gloasRow(0n)] }).makeUpdate({ signatureSlot: 217n, finalizedSlot: 215n }),
    { on: gloas },
  ),
];

const signatures = (): Vector[] => [
  refused(
    "INVALID_PUBLIC_KEY",
    "public-key-of-absentee",
    "the key to subtract is no point of the curve",
    brokenMember.makeUpdate({ ...options, absent: [5] }),
    { on: brokenMember },
  ),
  refused(
    "INVALID_PUBLIC_KEY",
    "public-key-aggregate",
    "the aggregate key is no point of the curve",
    brokenAggregate.makeUpdate(options),
    { on: brokenAggregate },
  ),
  refused("INVALID_SIGNATURE", "signature-over-another-header", "the attested header was changed after signing", {
    ...update,
    attestedHeader: { ...update.attestedHeader, proposerIndex: 24n },
  }),
  refused("INVALID_SIGNATURE", "signature-by-fewer", "one who signed is counted as absent", {
    ...update,
    syncCommitteeBits: flipped(update.syncCommitteeBits),
  }),
  refused("INVALID_SIGNATURE", "signature-with-another-fork-version", "the domain names the fork", update, {
    state: { forks: otherFork.trusted.forks },
  }),
  refused("INVALID_SIGNATURE", "signature-for-another-chain", "the domain names the chain", update, {
    state: { genesisValidatorsRoot: `0x${"12".repeat(32)}` },
  }),
  refused("INVALID_SIGNATURE", "signature-not-a-point", "the bytes are no point of the curve", {
    ...update,
    syncCommitteeSignature: new Uint8Array(96).fill(0x80),
  }),
  refused("INVALID_SIGNATURE", "signature-infinity", "infinity signs nothing", {
    ...update,
    syncCommitteeSignature: infinity,
  }),
  refused("INVALID_SIGNATURE", "signature-negated", "the other square root", {
    ...update,
    syncCommitteeSignature: update.syncCommitteeSignature.map((byte, index) => (index === 0 ? byte ^ 0x20 : byte)),
  }),
];

const history = (): Vector[] => [
  refused(
    "CONFLICTING_HEADER",
    "conflict-with-trusted-height",
    "validly signed, and another state root for a trusted height",
    chain.makeUpdate({ ...options, execution: { number: chain.startBlock.number } }),
  ),
  refused(
    "NON_MONOTONIC_TIME",
    "time-stands-still",
    "a higher block with the same time",
    chain.makeUpdate({ ...options, execution: { timestamp: chain.startBlock.timestamp } }),
  ),
  refused(
    "NON_MONOTONIC_TIME",
    "time-of-older-block-is-newer",
    "a lower block with a later time",
    chain.makeUpdate({ ...options, execution: { number: chain.startBlock.number - 5n } }),
  ),
  refused(
    "STALE_HEADER",
    "stale-place-taken",
    "the ring's place already holds a height 61 above",
    chain.makeUpdate({
      signatureSlot: 230n,
      finalizedSlot: 200n,
      execution: { number: chain.startBlock.number - 61n, timestamp: chain.startBlock.timestamp - 61n * 12n },
    }),
  ),
  refused(
    "STALE_HEADER",
    "stale-known-header-and-committee-not-final",
    "the header is known, and its period is not that of the next committee",
    chain.makeUpdate({ signatureSlot: 230n, finalizedSlot: 190n, nextCommittee: true }),
    { on: { ...chain, trusted: moved(chain.trusted, chain.blockOf(190n), 190n) } },
  ),
  refused(
    "STALE_HEADER",
    "stale-known-header-and-committee",
    "the header and the next committee are known already",
    knowing.makeUpdate({ signatureSlot: 230n, finalizedSlot: 208n, nextCommittee: true }),
    { on: knowing },
  ),
];

export const refusedUpdates = (): Vector[] => [
  ...shape(),
  ...lightClient(),
  ...executionHeader(),
  ...slots(),
  ...branches(),
  ...committees(),
  ...signatures(),
  ...misplaced(),
  ...unknownForks(),
  ...history(),
  updateVector(
    {
      name: "unknown-period-updates-out-of-order",
      why: "the update that needs the committee comes before the one that brings it",
      state: chain.trusted,
      now: chain.timeOf(280n),
      expect: "UNKNOWN_PERIOD",
    },
    [chain.makeUpdate({ signatureSlot: 280n, finalizedSlot: 264n }), withNext],
    chain.blockOf(264n),
  ),
];
