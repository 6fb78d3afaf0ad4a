// The verifier on one core: one sync-committee update of 512 keys, and the storage proofs of 50 packets under one account proof.
import { beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { envelope, ENVELOPE_VERSION } from "#adapters/protocol/envelope.ts";
import type { VerifyInput } from "#adapters/protocol/verdict.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";
import type { Bench, Measurement } from "./bench.ts";
import { measureVerifier } from "./measure-verifier.ts";

const ROUTER = "0x00000000000000000000000000000000c0ffee00";
const SLOT = "0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600";

async function evidence(claimCount: number, absentCount: number): Promise<VerifyInput> {
  const commitments = Array.from({ length: claimCount }, (_, index) => ({
    path: new TextEncoder().encode(`client-0\u0001${index}`),
    value: new Uint8Array(32).fill(index + 1),
  }));
  const state = await makeStateFixture({ router: ROUTER, commitmentsSlot: SLOT, commitments, otherCommitments: 2000 });
  const chain = makeBeaconFixture({ router: ROUTER, commitmentsSlot: SLOT, stateRoot: state.stateRoot });
  const finalizedSlot = chain.trusted.latestSlot + 64n;
  const absent = Array.from({ length: absentCount }, (_, index) => index * 3);
  const update = chain.makeUpdate({ signatureSlot: finalizedSlot + 66n, finalizedSlot, absent });
  const { number: height, timestamp } = chain.blockOf(finalizedSlot);
  const shared = { height, timestamp, stateRoot: state.stateRoot, accountProof: state.accountProof, ancestry: [] };
  const claims = [];
  for (const { path, value } of commitments)
    claims.push({ membership: 1n, path, value, proof: storageProof.encode(await state.storageProof(path)) });
  return {
    trusted: encodeTrustedState(chain.trusted),
    now: chain.timeOf(finalizedSlot + 70n),
    envelope: envelope.encode({
      version: ENVELOPE_VERSION,
      sourceChain: `eip155:${chain.trusted.chainId}`,
      targetChain: "eip155:2",
      clientId: "beacon-0",
      updates: [beaconUpdate.encode(update)],
      height,
      rootProof: rootProof.encode(shared),
      claims,
    }),
  };
}

const verified = (absent: number) => async (): Promise<Measurement> =>
  measureVerifier("evm", await evidence(50, absent));

export const benches: readonly Bench[] = [
  { what: "verify: update of 512 keys + 50 storage proofs", goal: 60, measure: verified(0) },
  { what: "verify: the same with 26 of 512 absent", goal: 60, measure: verified(26) },
];
