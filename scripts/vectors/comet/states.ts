// Vectors: trusted states and envelopes themselves.
import { concatBytes } from "@noble/hashes/utils.js";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeState } from "#test/support/comet-evidence.ts";
import {
  absence,
  claimsVector,
  emptyEnvelope,
  envelopeVector,
  keyAt,
  LATEST,
  lastOf,
  members,
  membership,
  rawEnvelopeVector,
  rootProof,
  state,
  update,
} from "./chain.ts";
import { toHex } from "../vector.ts";
import type { Vector } from "../vector.ts";

const bytes = cometUpdate.encode(update());
const nextHeight = LATEST + 1n;

const unusable = (name: string, why: string, changed: Partial<CometState>): Vector =>
  envelopeVector(
    { name: `state-${name}`, why, state: { ...state, ...changed }, expect: "MALFORMED" },
    { updates: [bytes], height: nextHeight },
  );

const [held = lastOf(state)] = state.consensusStates;
const NO_HASH = `0x${"00".repeat(32)}` as const;

const states = (): Vector[] => [
  unusable("trust-level-below-a-third", "less than a third could be lying", {
    trustLevelNumerator: 1n,
    trustLevelDenominator: 4n,
  }),
  unusable("trust-level-above-one", "more than all", { trustLevelNumerator: 4n, trustLevelDenominator: 3n }),
  unusable("trust-level-zero", "nobody would have to sign", { trustLevelNumerator: 0n }),
  unusable("trust-level-of-nothing", "a fraction of nothing", { trustLevelNumerator: 0n, trustLevelDenominator: 0n }),
  unusable("no-trusting-period", "trusted for no time", { trustingPeriod: 0n }),
  unusable("trusting-period-of-the-unbonding", "stake may be gone before trust is", {
    trustingPeriod: state.unbondingPeriod,
  }),
  unusable("no-clock-drift", "clocks differ", { maxClockDrift: 0n }),
  unusable("no-chain-id", "of no chain", { chainId: "" }),
  unusable("chain-id-not-ascii", "an id that looks like another", { chainId: "causewаy-1" }),
  unusable("chain-id-too-long", "51 characters", { chainId: "causeway-1".padEnd(51, "0") }),
  unusable("of-nothing", "nothing is trusted", { consensusStates: [] }),
  unusable(
    "of-too-many-heights",
    "65 heights",
    makeState(Array.from({ length: 65 }, (_, index) => ({ height: 36n + BigInt(index), members }))),
  ),
  unusable("heights-not-ascending", "the latest is the last", { consensusStates: state.consensusStates.toReversed() }),
  unusable("height-twice", "two states of one height", { consensusStates: [...state.consensusStates, lastOf(state)] }),
  unusable("height-zero", "there is no block 0", { consensusStates: [{ ...held, height: 0n }] }),
  unusable("height-beyond-63-bits", "heights have 63 bits", { consensusStates: [{ ...held, height: 1n << 63n }] }),
  unusable("times-not-ascending", "two heights of one time", {
    consensusStates: [held, { ...lastOf(state), timestamp: held.timestamp }],
  }),
  unusable("app-hash-zero", "an initial state that was never set", {
    consensusStates: [{ ...held, appHash: NO_HASH }],
  }),
  unusable("next-validators-hash-zero", "validators that were never set", {
    consensusStates: [{ ...held, nextValidatorsHash: NO_HASH }],
  }),
];

const withTrusted = (name: string, why: string, trusted: Uint8Array): Vector => ({
  ...envelopeVector({ name: `state-${name}`, why, expect: "MALFORMED" }, { updates: [bytes], height: nextHeight }),
  trusted: toHex(trusted),
});

const whole = encodeTrustedState(state);
const envelopeBytes = envelope.encode({ ...emptyEnvelope, updates: [bytes], height: nextHeight });

const refused = (
  reason: Reason,
  name: string,
  why: string,
  value: Parameters<typeof envelopeVector>[1],
  given: { state?: CometState; now?: bigint } = {},
): Vector => envelopeVector({ name: `envelope-${name}`, why, ...given, expect: reason }, value);

const last = { ...state, consensusStates: [{ ...held, height: (1n << 63n) - 1n }] };

const unclaimed = { height: LATEST, rootProof };

export const stateVectors = (): Vector[] => [
  ...states(),
  withTrusted("no-bytes", "nothing is trusted", new Uint8Array()),
  withTrusted("one-byte-short", "the last byte is missing", whole.slice(0, -1)),
  withTrusted("one-byte-more", "a byte is left over", concatBytes(whole, Uint8Array.of(0))),
  withTrusted("one-word-more", "a word is left over", concatBytes(whole, new Uint8Array(32))),
  envelopeVector(
    { name: "envelope-of-nothing", why: "the light client trusts the height already", expect: { state } },
    { height: LATEST },
  ),
  envelopeVector(
    {
      name: "envelope-at-the-last-height",
      why: "a state that no update can move",
      state: last,
      expect: { state: last },
    },
    { height: lastOf(last).height },
  ),
  envelopeVector(
    { name: "envelope-without-claims", why: "a root proof may stand alone", expect: { state } },
    unclaimed,
  ),
  rawEnvelopeVector({ name: "envelope-no-bytes", why: "nothing", expect: "MALFORMED" }, new Uint8Array()),
  rawEnvelopeVector(
    { name: "envelope-one-byte-more", why: "a byte is left over", expect: "MALFORMED" },
    concatBytes(envelopeBytes, Uint8Array.of(0)),
  ),
  rawEnvelopeVector(
    { name: "envelope-one-byte-short", why: "the last byte is missing", expect: "MALFORMED" },
    envelopeBytes.slice(0, -1),
  ),
  refused("MALFORMED", "of-another-version", "a version that is not known", { version: 2n, height: LATEST }),
  refused("WRONG_CHAIN", "about-another-chain", "evidence about another chain", {
    sourceChain: "cosmos:causeway-2",
    height: LATEST,
  }),
  refused("WRONG_CHAIN", "about-another-family", "the id is one of its family", {
    sourceChain: "eip155:1",
    height: LATEST,
  }),
  refused("UNKNOWN_HEIGHT", "of-an-older-height", "without claims it is about the latest height", { height: 90n }),
  refused("UNKNOWN_HEIGHT", "of-a-later-height", "a height that no update brings", {
    updates: [bytes],
    height: LATEST + 2n,
  }),
  refused(
    "CLIENT_FROZEN",
    "of-nothing-when-frozen",
    "nothing can be relied on",
    { height: LATEST },
    { state: { ...state, frozen: true } },
  ),
  refused(
    "CLIENT_EXPIRED",
    "of-nothing-when-expired",
    "nothing can be relied on any more",
    { height: LATEST },
    { now: 1_800_000_000n },
  ),
  refused("MALFORMED", "claims-without-root-proof", "claims need a root", { height: LATEST, claims: [membership(4)] }),
  refused("MALFORMED", "claim-of-a-short-value", "a value has 32 bytes", {
    ...unclaimed,
    claims: [{ ...membership(4), value: new Uint8Array(31) }],
  }),
  refused("MALFORMED", "claim-of-no-value", "membership of nothing", {
    ...unclaimed,
    claims: [{ ...membership(4), value: new Uint8Array() }],
  }),
  refused("MALFORMED", "claim-of-absence-with-a-value", "absence of a value is not absence", {
    ...unclaimed,
    claims: [{ ...absence(keyAt(5)), value: new Uint8Array(32) }],
  }),
  refused("MALFORMED", "claim-of-neither", "neither membership nor absence", {
    ...unclaimed,
    claims: [{ ...membership(4), membership: 2n }],
  }),
  refused("MALFORMED", "claim-without-path", "a path of no bytes", {
    ...unclaimed,
    claims: [{ ...membership(4), path: new Uint8Array() }],
  }),
  claimsVector(
    {
      name: "claims-when-frozen",
      why: "nothing can be relied on",
      state: { ...state, frozen: true },
      expect: "CLIENT_FROZEN",
    },
    [membership(4)],
  ),
  claimsVector(
    {
      name: "claims-when-expired",
      why: "nothing can be relied on any more",
      now: 1_800_000_000n,
      expect: "CLIENT_EXPIRED",
    },
    [membership(4)],
  ),
  claimsVector(
    { name: "claims-at-an-unknown-height", why: "a height between two that are trusted", expect: "UNKNOWN_HEIGHT" },
    [membership(4)],
    { height: 95n },
  ),
];
