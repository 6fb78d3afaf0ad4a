// Trusted state is read only from its canonical bytes, and only when its parameters make sense.
import { expect, test } from "vitest";
import { decodeTrustedState, encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { electraRow, makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const { trusted } = makeBeaconFixture({ committeeSize: 32 });
const bytes = encodeTrustedState(trusted);

test("a state is read back", () => {
  const read = decodeTrustedState(bytes);
  expect(read && encodeTrustedState(read)).toEqual(bytes);
  expect(read?.latestHeight).toBe(trusted.latestHeight);
});

test.each([
  ["nothing", new Uint8Array()],
  ["a word too few", bytes.subarray(0, -32)],
  ["a byte too many", Uint8Array.of(...bytes, 0)],
  ["a boolean of 2", bytes.map((byte, at) => (at === 32 * 13 + 31 ? 2 : byte))],
  ["dirty padding of a number", bytes.map((byte, at) => (at === 32 ? 1 : byte))],
  ["another offset", bytes.map((byte, at) => (at === 31 ? 64 : byte))],
])("refused: %s", (_, damaged) => {
  expect(decodeTrustedState(damaged)).toBeUndefined();
});

test.each<[string, Partial<BeaconState>]>([
  ["epochs of no slots", { slotsPerEpoch: 0n }],
  ["periods of no epochs", { epochsPerPeriod: 0n }],
  ["an empty committee", { committeeSize: 0n }],
  ["a committee that fills no byte", { committeeSize: 4n }],
  ["a committee that is no power of two", { committeeSize: 24n }],
  ["a committee larger than any", { committeeSize: 1024n }],
  ["a ring with a place missing", { ring: trusted.ring.slice(1) }],
  [
    "more forks than a light client keeps",
    { forks: Array.from({ length: 9 }, (_, epoch) => electraRow(BigInt(epoch))) },
  ],
  ["a branch of no nodes", { forks: [{ ...electraRow(0n), finalizedRootGindex: 1 }] }],
  ["a branch longer than evidence carries", { forks: [{ ...electraRow(0n), executionBlockHashGindex: 1 << 17 }] }],
])("refused: %s", (_, change) => {
  expect(decodeTrustedState(encodeTrustedState({ ...trusted, ...change }))).toBeUndefined();
});
