// Vectors: what a counterparty's store holds of the packets of two lanes, each path proven by itself and one batch at once.
// test/contracts/attacks/Lane.t.sol has the same packets.
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { storageProof } from "#adapters/evm/verify/evidence.ts";
import { acknowledgeClaim, receiveClaim, timeoutClaim } from "#adapters/protocol/claim.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { receiptPath } from "#adapters/protocol/path.ts";
import type { EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";
import { claimsVector, commitmentsSlot, makeChain, router } from "./chain.ts";
import type { Vector } from "../vector.ts";

const payload = (value: string) => ({
  sourcePort: "scripted",
  destinationPort: "scripted",
  version: "v1",
  encoding: "raw",
  value: utf8ToBytes(value),
});

/** To us, over the lane in question. */
export const incoming: Packet = {
  sequence: 7n,
  sourceClient: "beacon-5",
  destinationClient: "beacon-0",
  timeoutTimestamp: 1_700_010_000n,
  payloads: [payload("echo")],
};
/** From us, received there and answered. */
export const answered: Packet = {
  sequence: 1n,
  sourceClient: "beacon-0",
  destinationClient: "beacon-5",
  timeoutTimestamp: 1_700_002_450n,
  payloads: [payload("one")],
};
/** From us, and never received. */
export const late: Packet = { ...answered, sequence: 2n };
export const answer = [utf8ToBytes("ack:one")];

/** The same, over the lane of another light client. */
const elsewhere = (packet: Packet): Packet =>
  packet.sourceClient === "beacon-5"
    ? { ...packet, sourceClient: "beacon-6" }
    : { ...packet, destinationClient: "beacon-6" };
const next: Packet = { ...incoming, sequence: 8n };

const claims: Record<string, Claim> = {
  commitment: receiveClaim(incoming),
  "commitment-of-another-client": receiveClaim(elsewhere(incoming)),
  "commitment-of-another-sequence": receiveClaim(next),
  acknowledgement: acknowledgeClaim(answered, answer),
  "acknowledgement-of-another-client": acknowledgeClaim(elsewhere(answered), answer),
  receipt: { kind: "membership", path: receiptPath(answered), value: packetCommitment(answered) },
  "no-receipt": timeoutClaim(late),
  "no-receipt-of-another-client": timeoutClaim(elsewhere(late)),
  "no-receipt-of-another-sequence": timeoutClaim({ ...late, sequence: 3n }),
};

const stored = Object.values(claims).flatMap((claim) => (claim.kind === "membership" ? [claim] : []));
const state = await makeStateFixture({
  router,
  commitmentsSlot,
  commitments: stored,
  otherAccounts: 20,
  otherCommitments: 20,
});
const chain = makeChain({ stateRoot: state.stateRoot });
const { number: height, timestamp, stateRoot } = chain.startBlock;
const root = { height, timestamp, stateRoot, accountProof: state.accountProof, ancestry: [] };

const proven = async (claim: Claim): Promise<EnvelopeClaim> => ({
  membership: claim.kind === "membership" ? 1n : 0n,
  path: claim.path,
  value: claim.kind === "membership" ? claim.value : new Uint8Array(),
  proof: storageProof.encode(await state.storageProof(claim.path)),
});

const vector = (name: string, why: string, of: readonly EnvelopeClaim[]): Vector =>
  claimsVector(
    {
      name: `lane-${name}`,
      why,
      state: chain.trusted,
      now: chain.timeOf(210n),
      expect: { state: chain.trusted, block: chain.startBlock },
    },
    root,
    of,
  );

export async function laneVectors(): Promise<Vector[]> {
  const vectors: Vector[] = [];
  for (const [name, claim] of Object.entries(claims))
    vectors.push(vector(name, "one path of a packet store", [await proven(claim)]));
  const batch = [receiveClaim(incoming), acknowledgeClaim(answered, answer), timeoutClaim(late)];
  return [
    ...vectors,
    vector("batch", "a packet, an acknowledgement and a timeout", await Promise.all(batch.map(proven))),
  ];
}
