// What the packer does with updates the contract refuses early, and with bytes that are no update at all.
import { expect, test } from "vitest";
import { packBeaconMisbehaviour } from "#adapters/evm/pack/beacon-misbehaviour.ts";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const fixture = makeBeaconFixture({ committeeSize: 32 });
const trusted = encodeTrustedState(fixture.trusted);
const signatureSlot = fixture.trusted.latestSlot + 100n;
const pack = (absent: readonly number[]): Uint8Array =>
  packBeaconUpdate(beaconUpdate.encode(fixture.makeUpdate({ signatureSlot, absent })), trusted);
const everybody = pack([]).length;

test("each absentee takes a key, its y and only the nodes that the others do not give", () => {
  expect(pack([7]).length).toBe(everybody + 96 + 5 * 32);
  expect(pack([6, 7]).length).toBe(everybody + 2 * 96 + 4 * 32);
});

test("absentees are left out when there are too many of them", () => {
  const ten = Array.from({ length: 10 }, (_, index) => index);
  expect(pack(ten).length).toBeGreaterThan(everybody + 960);
  expect(pack([...ten, 10])).toHaveLength(everybody);
});

test("bytes that are no update, or no state, give the empty message", () => {
  const update = beaconUpdate.encode(fixture.makeUpdate({ signatureSlot }));
  expect(packBeaconUpdate(update.slice(1), trusted)).toHaveLength(0);
  expect(packBeaconUpdate(new Uint8Array(0), trusted)).toHaveLength(0);
  expect(packBeaconUpdate(update, trusted.slice(1))).toHaveLength(0);
  expect(packBeaconMisbehaviour(update, trusted)).toHaveLength(0);
});
