// What the hosting side reads of a CometBFT light client, beside what its source family's own code says of the same bytes.
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { decodeTrustedState, encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/cosmos/verify/update.ts";
import { comet } from "#adapters/evm/hosted/comet.ts";
import { kindOf } from "#adapters/evm/hosted/kinds.ts";
import { neededUpdates } from "#adapters/evm/submit/needed-updates.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import { GENESIS_SECONDS, makeMembers, makeState, makeUpdate } from "#test/support/comet-evidence.ts";
import type { UpdateOptions } from "#test/support/comet-evidence.ts";
import { readCometVectors } from "#test/support/comet-vectors.ts";

const NANOS = 1_000_000_000n;
const members = makeMembers("", [40n, 25n, 20n, 10n, 5n]);
const trusted = makeState([
  { height: 90n, members },
  { height: 100n, members },
]);
const now = (GENESIS_SECONDS + 900n) * NANOS;
const update = (options: Partial<UpdateOptions> = {}): Uint8Array =>
  cometUpdate.encode(makeUpdate({ height: 110n, trustedHeight: 100n, members, ...options }));

function after(state: CometState, bytes: Uint8Array): CometState {
  const next = applyUpdate(state, bytes, now);
  if (typeof next === "string") throw new Error(next);
  return next;
}

const encoded = (state: CometState): string => bytesToHex(encodeTrustedState(state));
const isApplied = (state: CometState, bytes: Uint8Array): boolean => comet.isApplied(encodeTrustedState(state), bytes);

describe("a state", () => {
  test("is read in seconds: time rounded down, expiry up, as the contract compares", () => {
    const read = comet.read(encodeTrustedState(trusted));
    const timestamp = GENESIS_SECONDS + 500n;
    const period = 14n * 86_400n;
    // Block 100 is 700 nanoseconds past its second.
    expect(read).toEqual({ height: 100n, timestamp, expiresAt: timestamp + period + 1n, trustingPeriod: period });
  });

  test("expires at a whole second when nothing is left over", () => {
    const [first, last] = trusted.consensusStates;
    if (first === undefined || last === undefined) throw new Error("no states");
    const even = { ...trusted, consensusStates: [first, { ...last, timestamp: 7n * NANOS + first.timestamp - 630n }] };
    const { timestamp = 0n, trustingPeriod = 0n, expiresAt } = comet.read(encodeTrustedState(even)) ?? {};
    expect(expiresAt).toBe(timestamp + trustingPeriod);
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["one byte more", Uint8Array.of(...encodeTrustedState(trusted), 0)],
    ["one byte less", encodeTrustedState(trusted).slice(0, -1)],
    ["a state that trusts nothing", encodeTrustedState({ ...trusted, consensusStates: [] })],
    ["text", utf8ToBytes("no state")],
  ])("is not %s", (_, bytes) => {
    expect(comet.read(bytes)).toBeUndefined();
    expect(comet.isApplied(bytes, update())).toBe(false);
  });
});

describe("an update is left out", () => {
  test("when its header is known, and not before", () => {
    expect(isApplied(trusted, update())).toBe(false);
    expect(isApplied(after(trusted, update()), update())).toBe(true);
  });

  test("when somebody led the light client further on meanwhile", () => {
    const further = after(trusted, update({ height: 120n }));
    expect(isApplied(further, update())).toBe(true);
    expect(neededUpdates(comet, encodeTrustedState(further), [update()])).toEqual([]);
  });

  test("below everything that is remembered", () => {
    expect(isApplied(trusted, update({ height: 80n, trustedHeight: 70n }))).toBe(true);
  });

  test("not when another that is needed comes before it", () => {
    const known = update();
    const further = update({ height: 130n });
    const state = encodeTrustedState(after(trusted, known));
    expect(neededUpdates(comet, state, [known, further])).toEqual([further]);
    expect(neededUpdates(comet, state, [further, known])).toEqual([further, known]);
  });
});

// Left out, it would freeze nothing.
describe("an update that contradicts is brought", () => {
  const seven = new Uint8Array(32).fill(7);
  const held = after(trusted, update({ height: 120n }));
  const time = (seconds: bigint) => ({ header: { time: { seconds: GENESIS_SECONDS + seconds, nanos: 0n } } });

  test.each([
    ["another application", update({ height: 120n, appHash: seven })],
    ["other successors", update({ height: 120n, nextMembers: makeMembers("other", [1n]) })],
    ["another time", update({ height: 120n, ...time(601n) })],
    ["a lower height of a later time", update({ height: 110n, ...time(700n) })],
    ["a height in between, of an earlier time", update({ height: 110n, ...time(499n) })],
  ])("%s", (_, bytes) => {
    expect(isApplied(held, bytes)).toBe(false);
  });

  test("and so are bytes that are no update, for the light client to refuse", () => {
    expect(isApplied(held, Uint8Array.of(1))).toBe(false);
  });
});

// The vectors' verdicts are by another reading of the same bytes.
test("what the rules would take, or freeze for, is never left out; what they would pass over always is", () => {
  const seen = { passedOver: 0, brought: 0 };
  for (const vector of readCometVectors()) {
    if (!("envelope" in vector) || !("trusted" in vector)) continue;
    const state = decodeTrustedState(hexToBytes(vector.trusted.slice(2)));
    const value = decodeExactly(envelope, hexToBytes(vector.envelope.slice(2)));
    const [first] = value?.updates ?? [];
    if (state === undefined || first === undefined) continue;
    const next = applyUpdate(state, first, BigInt(vector.now) * NANOS);
    const changes = typeof next === "string" ? next === "CONFLICTING_HEADER" : encoded(next) !== encoded(state);
    const isPassedOver = typeof next === "string" ? next === "STALE_HEADER" : !changes;
    if (changes) expect([vector.name, isApplied(state, first)]).toEqual([vector.name, false]);
    if (isPassedOver) expect([vector.name, isApplied(state, first)]).toEqual([vector.name, true]);
    seen.brought += Number(changes);
    seen.passedOver += Number(isPassedOver);
  }
  expect(seen.brought).toBeGreaterThan(20);
  expect(seen.passedOver).toBeGreaterThan(2);
});

test("a light client of an unknown type is none that we host", () => {
  expect(() => kindOf("tendermint")).toThrow(/type tendermint/);
  expect(kindOf("cometbft")).toBe(comet);
});
