// Packed messages that no packer makes: keys and hints chosen by an attacker. The aggregate key is only as good as these checks.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

const AGGREGATE = 456;
const KEY_SIZE = 48;
const SIZE = 32;
const HELPERS = 5 * 32;

const fixture = makeBeaconFixture({ committeeSize: SIZE });
const trusted = encodeTrustedState(fixture.trusted);
const update = fixture.makeUpdate({ signatureSlot: fixture.trusted.latestSlot + 100n, absent: [5] });
const packed = packBeaconUpdate(beaconUpdate.encode(update), trusted);
/** Key and y of the one absentee; five nodes follow. */
const absentee = packed.length - HELPERS - 2 * KEY_SIZE;

const judge = async (message: Uint8Array) =>
  (await deploySolidityBeacon(trusted, fixture.timeOf(update.signatureSlot))).update(message);
const replace = (at: number, bytes: Uint8Array): Uint8Array =>
  concatBytes(packed.slice(0, at), bytes, packed.slice(at + bytes.length));
const field = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(2 * KEY_SIZE, "0"));
const fieldAt = (at: number): bigint =>
  packed.slice(at, at + KEY_SIZE).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
const negated = (at: number): Uint8Array => replace(at, field(bls12_381.fields.Fp.ORDER - fieldAt(at)));

test("the message as packed is valid", async () => {
  expect(await judge(packed)).toEqual({ result: "updated" });
});

test("an absentee's key of the attacker's choosing, which leaves a sum of one's own, is not in the committee", async () => {
  const { aggregatePubkey } = fixture.committee(3n);
  const own = bls12_381.G1.Point.BASE.multiply(12_345n);
  const rogue = bls12_381.G1.Point.fromBytes(aggregatePubkey).subtract(own);
  const { y } = rogue.toAffine();
  const message = replace(absentee, concatBytes(rogue.toBytes(true), field(y)));
  expect(await judge(message)).toEqual({ reason: "INVALID_COMMITTEE" });
});

test("the other y of a key is not the key's", async () => {
  expect(await judge(negated(AGGREGATE + KEY_SIZE))).toEqual({ reason: "INVALID_PUBLIC_KEY" });
  expect(await judge(negated(absentee + KEY_SIZE))).toEqual({ reason: "INVALID_PUBLIC_KEY" });
});

test.each([
  ["zero", 0n],
  ["the field's order", bls12_381.fields.Fp.ORDER],
  ["beyond the field", (1n << 384n) - 1n],
  ["off the curve", 3n],
])("a y that is %s is refused", async (_, y) => {
  expect(await judge(replace(AGGREGATE + KEY_SIZE, field(y)))).toEqual({ reason: "INVALID_PUBLIC_KEY" });
  expect(await judge(replace(absentee + KEY_SIZE, field(y)))).toEqual({ reason: "INVALID_PUBLIC_KEY" });
  const complete = fixture.makeUpdate({ signatureSlot: update.signatureSlot });
  const message = packBeaconUpdate(beaconUpdate.encode(complete), trusted);
  message.set(field(y), AGGREGATE + KEY_SIZE);
  expect(await judge(message), "without absentees").toEqual({ reason: "INVALID_PUBLIC_KEY" });
});

test("a changed node of the shared proof, or one too many or too few, is refused", async () => {
  const at = packed.length - HELPERS;
  expect(await judge(replace(at, new Uint8Array(32)))).toEqual({ reason: "INVALID_COMMITTEE" });
  expect(await judge(concatBytes(packed, new Uint8Array(32)))).toEqual({ reason: "MALFORMED" });
  expect(await judge(packed.slice(0, -32))).toHaveProperty("reason");
});

test("members named absent who signed, and the reverse, do not verify", async () => {
  const everybody = packBeaconUpdate(
    beaconUpdate.encode({ ...update, syncCommitteeBits: new Uint8Array(4).fill(255) }),
    trusted,
  );
  expect(await judge(everybody)).toEqual({ reason: "INVALID_SIGNATURE" });
  const two = packBeaconUpdate(
    beaconUpdate.encode({ ...update, syncCommitteeBits: update.syncCommitteeBits.with(1, 0xfe) }),
    trusted,
  );
  expect(await judge(two)).toEqual({ reason: "INVALID_SIGNATURE" });
});
