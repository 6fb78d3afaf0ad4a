// Consensus states in their ring: one word a height, bound to time and state root.
import { expect, test } from "vitest";
import { consensusWord, isKnown, ringPlace, storedWord, wordHeight } from "#adapters/evm/verify/consensus-state.ts";
import * as independent from "#test/support/beacon-evidence.ts";

const stateRoot = new Uint8Array(32).fill(3);
const consensus = { height: 1234n, timestamp: 1_700_000_000n, stateRoot };
const { trusted } = independent.makeBeaconFixture({ committeeSize: 32 });
const state = { ...trusted, ring: trusted.ring.map((word, place) => (place === 14 ? consensusWord(consensus) : word)) };

test("a word is what the evidence builder writes", () => {
  expect(consensusWord(consensus)).toBe(independent.consensusWord({ ...consensus, number: 1234n }));
  expect(wordHeight(consensusWord(consensus))).toBe(1234n);
});

test("1234 is in place 14 of 61", () => {
  expect(ringPlace(1234n)).toBe(14);
  expect(storedWord(state, 1234n)).toBe(consensusWord(consensus));
});

test("a state is known only with its height, time and root", () => {
  expect(isKnown(state, consensus)).toBe(true);
  expect(isKnown(state, { ...consensus, timestamp: 1_700_000_001n })).toBe(false);
  expect(isKnown(state, { ...consensus, height: 1234n + 61n })).toBe(false);
  expect(isKnown(state, { ...consensus, stateRoot: new Uint8Array(32) })).toBe(false);
});

test("an empty place holds nothing, not even height zero", () => {
  expect(storedWord(state, 0n)).toBeUndefined();
  expect(isKnown(state, { height: 0n, timestamp: 0n, stateRoot: new Uint8Array(32) })).toBe(false);
});
