// Periods and fork rows change exactly at their first slot.
import { expect, test } from "vitest";
import { forkAtSlot, periodAtSlot } from "#adapters/evm/verify/schedule.ts";
import { electraRow, gloasRow, makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const { trusted } = makeBeaconFixture({
  committeeSize: 32,
  slotsPerEpoch: 8n,
  epochsPerPeriod: 8n,
  startSlot: 208n,
  forks: [electraRow(2n), gloasRow(5n)],
});

test.each([
  [0n, 0n],
  [63n, 0n],
  [64n, 1n],
  [127n, 1n],
  [128n, 2n],
])("slot %i is in period %i", (slot, period) => {
  expect(periodAtSlot(trusted, slot)).toBe(period);
});

test.each([
  [15n, undefined],
  [16n, "0x05000000"],
  [39n, "0x05000000"],
  [40n, "0x07000000"],
  [1_000_000n, "0x07000000"],
])("slot %i has fork version %s", (slot, version) => {
  expect(forkAtSlot(trusted, slot)?.version).toBe(version);
});
