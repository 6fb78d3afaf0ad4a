import { describe, expect, test } from "vitest";
import { neededUpdates } from "#adapters/evm/submit/needed-updates.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const fixture = makeBeaconFixture({ committeeSize: 32 });
const { trusted } = fixture;
const start = trusted.latestSlot;
const first = beaconUpdate.encode(
  fixture.makeUpdate({ signatureSlot: start + 100n, finalizedSlot: start + 40n, nextCommittee: true }),
);
const second = beaconUpdate.encode(fixture.makeUpdate({ signatureSlot: start + 120n, finalizedSlot: start + 60n }));
const now = fixture.timeOf(start + 200n);

function after(state: BeaconState, update: Uint8Array): BeaconState {
  const next = applyUpdate(state, update, now);
  if (typeof next === "string") throw new Error(next);
  return next;
}

describe("needed updates", () => {
  test("all of them, for a light client that has none", () => {
    expect(neededUpdates(trusted, [first, second])).toEqual([first, second]);
  });

  test("the rest, for a light client that has the first", () => {
    expect(neededUpdates(after(trusted, first), [first, second])).toEqual([second]);
  });

  test("none, for a light client that has both", () => {
    expect(neededUpdates(after(after(trusted, first), second), [first, second])).toEqual([]);
  });

  test("an update whose header is known still brings its committee", () => {
    const without = beaconUpdate.encode(
      fixture.makeUpdate({ signatureSlot: start + 100n, finalizedSlot: start + 40n }),
    );
    expect(neededUpdates(after(trusted, without), [first])).toEqual([first]);
  });

  test("bytes that are no update are left for the light client to refuse", () => {
    expect(neededUpdates(trusted, [Uint8Array.of(1)])).toEqual([Uint8Array.of(1)]);
  });
});
