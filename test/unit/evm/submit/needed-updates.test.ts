import { describe, expect, test } from "vitest";
import { beacon } from "#adapters/evm/hosted/beacon.ts";
import { neededUpdates } from "#adapters/evm/submit/needed-updates.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
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

const needed = (state: BeaconState, updates: readonly Uint8Array[]): readonly Uint8Array[] =>
  neededUpdates(beacon, encodeTrustedState(state), updates);

describe("needed updates", () => {
  test("all of them, for a light client that has none", () => {
    expect(needed(trusted, [first, second])).toEqual([first, second]);
  });

  test("the rest, for a light client that has the first", () => {
    expect(needed(after(trusted, first), [first, second])).toEqual([second]);
  });

  test("none, for a light client that has both", () => {
    expect(needed(after(after(trusted, first), second), [first, second])).toEqual([]);
  });

  test("an update whose header is known still brings its committee", () => {
    const without = beaconUpdate.encode(
      fixture.makeUpdate({ signatureSlot: start + 100n, finalizedSlot: start + 40n }),
    );
    expect(needed(after(trusted, without), [first])).toEqual([first]);
  });

  test("bytes that are no update are left for the light client to refuse", () => {
    expect(needed(trusted, [Uint8Array.of(1)])).toEqual([Uint8Array.of(1)]);
  });
});
