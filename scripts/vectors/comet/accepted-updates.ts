// Vectors: light-client updates that are accepted, and the states they lead to.
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import { hubMembers, makeMembers, makeState, timeAt } from "#test/support/comet-evidence.ts";
import { encodeProof, makeCosmosState } from "#test/support/cosmos-store.ts";
import {
  absence,
  entries,
  envelopeVector,
  keyAt,
  LATEST,
  members,
  membership,
  moved,
  now,
  skip,
  state,
  strangers,
  update,
  updateVector,
} from "./chain.ts";
import { resigned, withCommit } from "./refused-updates.ts";
import type { Vector } from "../vector.ts";

const accepted = (name: string, why: string, one: CometUpdate, from: CometState = state, at = now): Vector =>
  updateVector({ name, why, state: from, now: at, expect: { state: moved(from, one) } }, one);

/** Half of the power is new. */
const half = makeMembers("", [40n, 25n]).concat(strangers.slice(0, 2));
const [first] = members;
if (first === undefined) throw new RangeError("no members");
const hub = hubMembers();
const mighty = makeMembers("", [((1n << 63n) - 1n) / 8n - 1n, 1n]);

/** The first one has just a third of the power. */
const thirds = makeMembers("", [30n, 20n, 20n, 20n]);

/** 64 blocks, as many as are remembered. */
const full = makeState(Array.from({ length: 64 }, (_, index) => ({ height: 37n + BigInt(index), members })));
const garbled = (one: CometUpdate): CometUpdate => ({
  ...one,
  signedHeader: one.signedHeader && {
    ...one.signedHeader,
    commit: one.signedHeader.commit && {
      ...one.signedHeader.commit,
      signatures: one.signedHeader.commit.signatures.map((vote) =>
        vote.blockIdFlag === 2n ? { ...vote, signature: new Uint8Array(64).fill(9) } : vote,
      ),
    },
  },
});

/** The same chain under another id. */
const renamed = (chainId: string): [CometUpdate, CometState] => [
  update({ header: { chainId: utf8ToBytes(chainId) }, revisionNumber: 0n }),
  { ...state, chainId },
];

const next = update();
const then = skip({ height: LATEST + 20n, trustedHeight: LATEST + 1n });

function withClaims(): Vector {
  const application = makeCosmosState(entries);
  const one = update({ appHash: application.appHash });
  const after = moved(state, one);
  return envelopeVector(
    { name: "update-with-claims", why: "claims hold at the height the update brings", expect: { state: after } },
    {
      updates: [cometUpdate.encode(one)],
      height: LATEST + 1n,
      rootProof: encodeProof(application.rootProof),
      claims: [membership(4), absence(keyAt(5))],
    },
  );
}

export const acceptedUpdates = (): Vector[] => [
  accepted("adjacent", "the next header, signed by the validators it was announced with", next),
  accepted(
    "adjacent-new-validators",
    "the trusted header named others as its successors",
    update({ members: strangers }),
    {
      ...makeState([{ height: LATEST, members, nextMembers: strangers }]),
    },
  ),
  accepted("adjacent-announces-others", "the header names its own successors", update({ nextMembers: strangers })),
  accepted(
    "adjacent-by-the-weaker",
    "more than two thirds without the strongest",
    update({
      members: makeMembers("", [30n, 30n, 30n, 10n]),
      voters: [1, 2, 3],
    }),
    makeState([{ height: LATEST, members: makeMembers("", [30n, 30n, 30n, 10n]) }]),
  ),
  accepted(
    "adjacent-at-two-thirds-needs-one-more",
    "just two thirds are not more than that: the next vote counts, too",
    update({ members: makeMembers("", [30n, 30n, 20n, 10n]) }),
    makeState([{ height: LATEST, members: makeMembers("", [30n, 30n, 20n, 10n]) }]),
  ),
  accepted("skipping", "ten blocks at once, by the same validators", skip()),
  accepted(
    "skipping-half-changed",
    "those who were trusted have more than a third and signed",
    skip({ members: half }),
  ),
  accepted(
    "skipping-a-single-block",
    "the next but one is not adjacent: its validators need not be those that were announced",
    skip({ height: LATEST + 2n, members: half }),
  ),
  accepted(
    "skipping-one-stays",
    "one trusted validator with more than a third is enough",
    skip({ members: [first, ...strangers] }),
  ),
  accepted(
    "skipping-trust-comes-late",
    "the trusted validator stands behind the two thirds, and its vote counts for trust alone",
    skip({ members: [...makeMembers("large", [900n, 800n]), first, ...makeMembers("small", [1n])] }),
  ),
  accepted(
    "skipping-at-a-third-needs-one-more",
    "just a third of what was trusted is not more than that: the next trusted vote counts, too",
    skip({ members: [...makeMembers("large", [900n, 800n]), ...thirds.slice(0, 2)], trustedMembers: thirds }),
    makeState([{ height: LATEST, members: thirds }]),
  ),
  accepted("skipping-from-an-older-header", "any trusted height may be built on", skip({ trustedHeight: 90n })),
  accepted(
    "skipping-other-power",
    "power counts as it was when it was trusted",
    skip({ members: makeMembers("", [1n, 300n, 300n, 300n, 2n]) }),
  ),
  accepted(
    "skipping-trust-level-two-thirds",
    "the light client wants more than a third",
    skip({ trustLevel: { numerator: 2n, denominator: 3n } }),
    {
      ...state,
      trustLevelNumerator: 2n,
      trustLevelDenominator: 3n,
    },
  ),
  accepted(
    "one-validator",
    "a chain of one",
    update({ members: [first] }),
    makeState([{ height: LATEST, members: [first] }]),
  ),
  accepted("round-three", "a block that was decided in a later round", update({ round: 3n })),
  accepted(
    "vote-times",
    "each vote has a time of its own, from the year 1 to 9999, to the nanosecond",
    update({
      voteTime: (place) =>
        [
          { seconds: -62_135_596_800n, nanos: 1n },
          { seconds: 253_402_300_799n, nanos: 999_999_999n },
          { seconds: 0n, nanos: 0n },
        ][place] ?? timeAt(LATEST),
    }),
  ),
  accepted(
    "header-without-optional-hashes",
    "hashes that no rule reads may be missing",
    update({
      header: {
        lastBlockId: { hash: new Uint8Array(), partSetHeader: { total: 0n, hash: new Uint8Array() } },
        lastCommitHash: new Uint8Array(),
        dataHash: new Uint8Array(),
        consensusHash: new Uint8Array(),
        lastResultsHash: new Uint8Array(),
        evidenceHash: new Uint8Array(),
        proposerAddress: new Uint8Array(),
        version: { block: 11n, app: 0n },
      },
    }),
  ),
  accepted(
    "time-at-the-drift",
    "a nanosecond before what the clock allows",
    update({
      header: { time: { seconds: now + 9n, nanos: 999_999_999n } },
    }),
  ),
  accepted(
    "time-just-later",
    "one nanosecond after the trusted header",
    update({
      header: { time: { ...timeAt(LATEST), nanos: timeAt(LATEST).nanos + 1n } },
    }),
  ),
  accepted(
    "last-second-of-trust",
    "a second before the light client expires",
    update(),
    state,
    timeAt(LATEST).seconds + 14n * 86_400n,
  ),
  accepted("oldest-is-forgotten", "64 heights are remembered", update(), full),
  updateVector(
    { name: "two-updates", why: "each builds on the one before", expect: { state: moved(moved(state, next), then) } },
    next,
    then,
  ),
  updateVector(
    { name: "update-twice", why: "a known header changes nothing", expect: { state: moved(state, next) } },
    next,
    next,
  ),
  updateVector(
    {
      name: "known-header-is-not-read",
      why: "of a known header nothing is verified, for it changes nothing",
      state: moved(state, next),
      expect: { state: moved(state, next) },
    },
    garbled(next),
  ),
  ...[
    ["without-revision", "causeway", "cosmos:causeway"],
    ["with-a-zero-revision", "causeway-01", "cosmos:causeway-01"],
    ["of-one-character", "~", "cosmos:hashed-7ace431cb61584cb"],
    ["of-50-characters", ` ${"a".repeat(48)}~`, "cosmos:hashed-f8949b27e19204d5"],
    ["with-an-underscore", "causeway_7-a", "cosmos:hashed-b763d24dca92ffe1"],
  ].map(([name = "", chainId = "", sourceChain = ""]) => {
    const [one, from] = renamed(chainId);
    const expect = { state: moved(from, one) };
    return updateVector(
      { name: `chain-id-${name}`, why: `the id is ${chainId}`, state: from, sourceChain, expect },
      one,
    );
  }),
  withClaims(),
  accepted(
    "last-height",
    "heights have 63 bits",
    skip({ height: (1n << 63n) - 1n, header: { time: timeAt(101n) }, voteTime: () => timeAt(101n) }),
  ),
  accepted("last-round", "rounds have 31 bits", update({ round: (1n << 31n) - 1n })),
  accepted(
    "most-parts",
    "a number of parts has 32 bits",
    resigned(
      withCommit(update(), ({ blockId }) => ({
        blockId: { ...blockId, partSetHeader: { ...blockId.partSetHeader, total: (1n << 32n) - 1n } },
      })),
      members,
    ),
  ),
  accepted(
    "most-power",
    "all that validators together may have",
    update({ members: mighty }),
    makeState([{ height: LATEST, members: mighty }]),
  ),
  accepted(
    "many-validators",
    "150 of them, of whom the strongest suffice",
    update({ members: hub }),
    makeState([{ height: LATEST, members: hub }]),
  ),
];
