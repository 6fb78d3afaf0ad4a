// Evidence about an invented chain of mainnet's size, for measuring what a light client of it costs: 512 keys, mainnet's schedule, tries
// of some depth. What must be proven is known before anything is made, so packets come in from outside.
import { beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { commitmentPath } from "#adapters/protocol/path.ts";
import { makeBeaconFixture } from "./beacon-evidence.ts";
import { makeStateFixture } from "./state-evidence.ts";

const router = "0x00000000000000000000000000000000000c0ffe";
const commitmentsSlot = "0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600";

const EPOCH = 32n;
const PERIOD = 256n * EPOCH;
const START = 3n * PERIOD + 2n * EPOCH;

/** `sent` are committed to as they are, of `others` the packet store holds something else. */
export async function makeGasEvidence(sent: readonly Packet[], others: readonly Packet[]) {
  const commitments = [
    ...sent.map((packet) => ({ path: commitmentPath(packet), value: packetCommitment(packet) })),
    ...others.map((packet) => ({ path: commitmentPath(packet), value: new Uint8Array(32).fill(0xee) })),
  ];
  const store = await makeStateFixture({
    router,
    commitmentsSlot,
    commitments,
    otherAccounts: 5000,
    otherCommitments: 5000,
  });
  const chain = makeBeaconFixture({
    startSlot: START,
    stateRoot: store.stateRoot,
    router,
    commitmentsSlot,
    // The invented chain's time began in 2023.
    trustingPeriod: 100n * 365n * 86_400n,
  });
  const update = (finalizedSlot: bigint, absent: number, nextCommittee: boolean): Uint8Array =>
    beaconUpdate.encode(
      chain.makeUpdate({
        signatureSlot: finalizedSlot + 2n * EPOCH + 1n,
        finalizedSlot,
        nextCommittee,
        absent: Array.from({ length: absent }, (_, index) => index * 3),
      }),
    );
  const updates = {
    samePeriod: update(START + EPOCH, 10, false),
    leastParticipation: update(START + 2n * EPOCH, 170, false),
    nextCommittee: update(START + 3n * EPOCH, 10, true),
    rotation: update(START + PERIOD, 10, true),
  };
  const later = Object.values(updates).reduce((state, bytes) => {
    const next = applyUpdate(state, bytes, chain.timeOf(START + 2n * PERIOD));
    if (typeof next === "string") throw new Error(next);
    return next;
  }, chain.trusted);
  if (later.period !== chain.trusted.period + 1n) throw new Error("no rotation");
  const block = chain.blockOf(START);
  return {
    trusted: encodeTrustedState(chain.trusted),
    height: block.number,
    rootProof: rootProof.encode({
      height: block.number,
      timestamp: block.timestamp,
      stateRoot: block.stateRoot,
      accountProof: store.accountProof,
      ancestry: [],
    }),
    /** To be applied in this order. */
    updates,
    /** Trusted state after all of them. */
    updated: encodeTrustedState(later),
    proofOf: async (packet: Packet): Promise<Uint8Array> =>
      storageProof.encode(await store.storageProof(commitmentPath(packet))),
  };
}
