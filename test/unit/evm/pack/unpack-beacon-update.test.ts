// From calldata back to evidence: the same update, without the keys that were never in it; or nothing, for any other bytes.
import fc from "fast-check";
import { expect, test } from "vitest";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { unpackBeaconUpdate } from "#adapters/evm/pack/unpack-beacon-update.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const fixture = makeBeaconFixture({ committeeSize: 32 });
const trusted = encodeTrustedState(fixture.trusted);
const signatureSlot = fixture.trusted.latestSlot + 100n;

test.each([
  ["signed by everybody", { absent: [] as number[] }],
  ["with absentees", { absent: [0, 7, 31] }],
  ["with a next committee", { absent: [], nextCommittee: true }],
])("an update %s comes back, and is still good once its keys are there again", (_name, options) => {
  const update = fixture.makeUpdate({ signatureSlot, ...options });
  const packed = packBeaconUpdate(beaconUpdate.encode(update), trusted);
  const { aggregatePubkey } = update.syncCommittee;
  const plain = { ...update, nextSyncCommittee: [], nextSyncCommitteeBranch: [] };
  const unpacked = unpackBeaconUpdate(packed);
  expect(unpacked).toEqual({ ...plain, syncCommittee: { pubkeys: [], aggregatePubkey } });
  const complete = beaconUpdate.encode({ ...plain, ...unpacked, syncCommittee: update.syncCommittee });
  const now = fixture.trusted.genesisTime + signatureSlot * fixture.trusted.secondsPerSlot;
  expect(applyUpdate(fixture.trusted, complete, now)).toMatchObject({ latestSlot: update.finalizedHeader.slot });
});

const packed = packBeaconUpdate(beaconUpdate.encode(fixture.makeUpdate({ signatureSlot })), trusted);

test("bytes that end too early are no update", () => {
  for (const length of [0, 1, 4, 557, 558, 600]) expect(unpackBeaconUpdate(packed.slice(0, length))).toBeUndefined();
});

test("a header longer than any, and branches deeper than any, are no update", () => {
  const long = packed.slice();
  new DataView(long.buffer).setUint16(556, 2_049);
  expect(unpackBeaconUpdate(new Uint8Array([...long, ...new Uint8Array(4_096)]))).toBeUndefined();
  const deep = packed.slice();
  deep[553] = 17;
  expect(unpackBeaconUpdate(new Uint8Array([...deep, ...new Uint8Array(4_096)]))).toBeUndefined();
});

test("any bytes give an update or nothing, never an error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
      unpackBeaconUpdate(bytes);
    }),
  );
});
