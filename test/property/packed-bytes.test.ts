// No byte of a packed message is slack: the Solidity light client refuses it with any one of them changed.
import { expect, test } from "vitest";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";

const SIGNATURE_SLOT = 8;
/** Headers and signature: changes there cost a pairing each, so they are sampled. */
const SIGNED = 424;
const refusal = { reason: expect.stringMatching(/^[A-Z_]+$/) };
const fixture = makeBeaconFixture({ committeeSize: 8 });
const trusted = encodeTrustedState(fixture.trusted);
const signatureSlot = fixture.trusted.latestSlot + 100n;

/** A bit turned over, which one depends on the position; every fifth position up to `sampled`, then all. */
function* changes(bytes: Uint8Array, from = 0, sampled = 0): Generator<[number, Uint8Array]> {
  for (let position = from; position < bytes.length; position += position < sampled ? 5 : 1)
    yield [position, bytes.with(position, (bytes[position] ?? 0) ^ (1 << (position % 8)))];
}

test("an update, its signature slot aside: nobody signs that", async () => {
  const update = fixture.makeUpdate({ signatureSlot, absent: [1, 6], nextCommittee: true });
  const packed = packBeaconUpdate(beaconUpdate.encode(update), trusted);
  const client = await deploySolidityBeacon(trusted, fixture.timeOf(signatureSlot));
  for (const [position, changed] of changes(packed, SIGNATURE_SLOT, SIGNED))
    expect(await client.update(changed), `byte ${position}`).toEqual(refusal);
  expect(await client.update(packed)).toEqual({ result: "updated" });
});

test("the proofs of an account and of a value", async () => {
  const claims = [1, 2, 3].map((seed) => ({ path: Uint8Array.of(seed, 2, 3), value: new Uint8Array(32).fill(seed) }));
  const absent = { path: Uint8Array.of(9) };
  const { router, commitmentsSlot } = fixture.trusted;
  const state = await makeStateFixture({ router, commitmentsSlot, commitments: claims });
  const { stateRoot, accountProof } = state;
  const chain = makeBeaconFixture({ committeeSize: 8, stateRoot });
  const { number: height, timestamp } = chain.startBlock;
  const client = await deploySolidityBeacon(encodeTrustedState(chain.trusted), timestamp);

  const asked = [...claims, absent];
  const proofs = await Promise.all(asked.map(async ({ path }) => storageProof.encode(await state.storageProof(path))));
  const packed = packStateProof(rootProof.encode({ height, timestamp, stateRoot, accountProof, ancestry: [] }), proofs);
  for (const [position, changed] of changes(packed))
    expect(await client.verify(asked, changed), `byte ${position}`).toEqual(refusal);
  for (let cut = 0; cut < packed.length; cut += 13)
    expect(await client.verify(asked, packed.slice(0, cut)), `cut at ${cut}`).toEqual(refusal);
  expect(await client.verify(asked, Uint8Array.of(...packed, 0))).toEqual({ reason: "MALFORMED" });
  expect(await client.verify(asked, packed)).toEqual({ timestamp });
});
