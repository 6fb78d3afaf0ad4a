// A chain of one validator, which proves whatever it likes about itself: nothing of it counts for anybody else's light client.
import { describe, expect, test } from "vitest";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { beaconMisbehaviour, beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { Message } from "#adapters/message.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { encodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { claimOf } from "#relayer/pipeline/2-prove.ts";
import { verifyBatch } from "#relayer/pipeline/4-verify.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import type { BeaconFixture } from "#test/support/beacon-evidence.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";

const router = "0x00000000000000000000000000000000000c0ffe";
const commitmentsSlot = "0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600";
const small = { committeeSize: 8, slotsPerEpoch: 8n, epochsPerPeriod: 8n, router, commitmentsSlot } as const;

/** A million of a token that only the honest chain has; sent, it says, by the honest chain's router. */
const packet: Packet = {
  sequence: 1n,
  sourceClient: "beacon-5",
  destinationClient: "beacon-0",
  timeoutTimestamp: 1_800_000_000n,
  payloads: [
    {
      sourcePort: "transfer",
      destinationPort: "transfer",
      version: "ics20-1",
      encoding: "application/x-solidity-abi",
      value: encodeTransferData({ denom: "0xd0", sender: "0x01", receiver: "0x02", amount: 1_000_000n, memo: "" }),
    },
  ],
};
const message: Message = { kind: "receive", packet };
const claim = claimOf(message);
if (claim.kind !== "membership") throw new Error("a packet is received by membership");

// Both chains begin alike. The honest store is empty; the hostile one holds what suits it, under the same router's address.
const invented = await makeStateFixture({ router, commitmentsSlot, commitments: [claim] });
const honest = makeBeaconFixture({ ...small, startSlot: 208n });
// Later periods have other committees: here, the keys of the one validator.
const hostile = makeBeaconFixture({ ...small, startSlot: 400n, stateRoot: invented.stateRoot });

const update = hostile.makeUpdate({ signatureSlot: 440n, finalizedSlot: 424n });
const block = hostile.blockOf(424n);
const now = hostile.timeOf(440n);

const evidence = async (change: Partial<Envelope> = {}): Promise<Uint8Array> =>
  envelope.encode({
    version: 1n,
    sourceChain: "eip155:1",
    targetChain: "eip155:2",
    clientId: "beacon-9",
    updates: [beaconUpdate.encode(update)],
    height: block.number,
    rootProof: rootProof.encode({
      height: block.number,
      timestamp: block.timestamp,
      stateRoot: block.stateRoot,
      accountProof: invented.accountProof,
      ancestry: [],
    }),
    claims: [
      {
        membership: 1n,
        path: claim.path,
        value: claim.value,
        proof: storageProof.encode(await invented.storageProof(claim.path)),
      },
    ],
    ...change,
  });

const clientOf = (chain: BeaconFixture, clientId: string): TrustedClient => ({
  clientId,
  clientType: "beacon",
  state: encodeTrustedState(chain.trusted),
  status: "active",
  height: chain.startBlock.number,
  timestamp: chain.startBlock.timestamp,
  expiresAt: 1_900_000_000n,
  now,
});

const judge = (bytes: Uint8Array, trusted: TrustedClient) =>
  verifyBatch(verifyBeacon, {
    envelope: bytes,
    trusted,
    sourceChain: "eip155:1",
    targetChain: "eip155:2",
    messages: [message],
  });

describe("19, Secret, 2026: a chain of the attacker's own", () => {
  test("speaks for itself, to the light client that follows it", async () => {
    expect(await judge(await evidence(), clientOf(hostile, "beacon-9"))).toMatchObject({ ok: true });
  });

  test("is bound to that light client", async () => {
    expect(await judge(await evidence(), clientOf(honest, "beacon-0"))).toMatchObject({ reason: "WRONG_CLIENT" });
  });

  test("and moves no other, whatever its envelope says", async () => {
    const renamed = await evidence({ clientId: "beacon-0" });
    expect(await judge(renamed, clientOf(honest, "beacon-0"))).toMatchObject({ reason: "UNKNOWN_PERIOD" });
    const withoutUpdates = await evidence({ clientId: "beacon-0", updates: [] });
    expect(await judge(withoutUpdates, clientOf(honest, "beacon-0"))).toMatchObject({ reason: "UNKNOWN_HEIGHT" });
    // In the honest period, signed by the keys of the one validator.
    const forged = honest.makeUpdate({ signatureSlot: 240n, finalizedSlot: 224n, signingPeriod: 6n });
    const signed = await evidence({ clientId: "beacon-0", updates: [beaconUpdate.encode(forged)] });
    expect(await judge(signed, clientOf(honest, "beacon-0"))).toMatchObject({ reason: "INVALID_COMMITTEE" });
  });

  test("nor does it freeze any", () => {
    const options = { signatureSlot: 240n, finalizedSlot: 224n, signingPeriod: 6n } as const;
    const [first, second] = [honest.makeUpdate(options), honest.makeUpdate({ ...options, variant: "other" })];
    const misbehaviour = beaconMisbehaviour.encode({
      first: beaconUpdate.encode(first),
      second: beaconUpdate.encode(second),
    });
    const trusted = encodeTrustedState(honest.trusted);
    expect(verifyMisbehaviour({ trusted, misbehaviour, now })).toMatchObject({ reason: "INVALID_COMMITTEE" });
  });
});
