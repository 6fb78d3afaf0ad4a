import { ClientMessage } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import { describe, expect, test } from "vitest";
import { beaconKind } from "#adapters/cosmos/hosted/beacon-kind.ts";
import { beaconFields } from "#adapters/cosmos/hosted/beacon-state.ts";
import { updateHeight } from "#adapters/cosmos/hosted/beacon-update.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import type { UpdateOptions } from "#test/support/beacon-evidence.ts";

const chain = makeBeaconFixture({ committeeSize: 8, slotsPerEpoch: 8n, epochsPerPeriod: 8n });
const start = chain.trusted.latestSlot;
const update = (options: UpdateOptions): Uint8Array => beaconUpdate.encode(chain.makeUpdate(options));
const first = update({ signatureSlot: start + 20n });
const second = update({ signatureSlot: start + 25n, nextCommittee: true });

const after = (...updates: Uint8Array[]): Uint8Array => {
  let state = chain.trusted;
  for (const each of updates) {
    const next = applyUpdate(state, each, chain.timeOf(start + 30n));
    if (typeof next === "string") throw new Error(next);
    state = next;
  }
  return encodeTrustedState(state);
};

describe("beacon light clients in 08-wasm", () => {
  test("show a few fields of their canonical state", () => {
    expect(beaconFields(encodeTrustedState(chain.trusted))).toEqual({
      trustingPeriod: chain.trusted.trustingPeriod,
      frozen: false,
      latestHeight: chain.startBlock.number,
      latestTimestamp: chain.startBlock.timestamp,
      ring: chain.trusted.ring.map(BigInt),
      slotsPerPeriod: 64n,
      newestPeriod: chain.trusted.period,
    });
    expect(beaconFields(encodeTrustedState({ ...chain.trusted, frozen: true }))?.frozen).toBe(true);
    expect(beaconFields(after(second))?.newestPeriod).toBe(chain.trusted.period + 1n);
  });

  test("show nothing when their contract keeps something else", () => {
    const state = encodeTrustedState(chain.trusted);
    const manyWords = state.slice();
    manyWords.fill(0xff, 32 * 20, 32 * 21);
    for (const bytes of [
      new Uint8Array(),
      new Uint8Array(640),
      state.subarray(0, 700),
      state.subarray(0, -32),
      manyWords,
    ])
      expect(beaconFields(bytes)).toBeUndefined();
  });

  test("need the updates from the first whose height or committee they lack", () => {
    const updates = [first, second];
    expect(beaconKind.neededUpdates(encodeTrustedState(chain.trusted), updates)).toEqual(updates);
    expect(beaconKind.neededUpdates(after(first), updates)).toEqual([second]);
    expect(beaconKind.neededUpdates(after(first, second), updates)).toEqual([]);
    const other = update({ signatureSlot: start + 20n, execution: { stateRoot: new Uint8Array(32).fill(9) } });
    expect(beaconKind.neededUpdates(after(first), [other])).toEqual([other]);
    const headerOnly = update({ signatureSlot: start + 25n });
    expect(beaconKind.neededUpdates(after(headerOnly), [second])).toEqual([second]);
  });

  test("are left to judge what is no update", () => {
    const state = encodeTrustedState(chain.trusted);
    for (const bytes of [new Uint8Array(), first.subarray(1), first.subarray(0, 100)]) {
      expect(updateHeight(bytes)).toBeUndefined();
      expect(beaconKind.neededUpdates(state, [bytes])).toEqual([bytes]);
    }
    expect(updateHeight(first)).toBe(chain.blockOf(start + 20n - 1n - 16n).number);
  });

  test("take evidence after a byte that says what it is", () => {
    const data = ({ value }: { value: Uint8Array }): number[] => [...ClientMessage.decode(value).data];
    const evidence = Uint8Array.of(9, 8);
    expect(data(beaconKind.update(evidence))).toEqual([0, 9, 8]);
    expect(beaconKind.beforeProofs(evidence).map(data)).toEqual([[1, 9, 8]]);
    expect(data(beaconKind.misbehaviour("08-wasm-0", evidence))).toEqual([2, 9, 8]);
    expect(beaconKind.stateProof(evidence, first)).toBe(evidence);
    expect(beaconKind.proofHeight(first, 7n)).toEqual({ revisionNumber: 0n, revisionHeight: 7n });
  });
});
