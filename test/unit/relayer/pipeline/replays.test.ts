// Genuine proofs of everything but what is claimed, at the stage that decides whether anything is signed. The packets and the
// proofs are those of test/contracts/attacks/Lane.t.sol.
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import type { Message } from "#adapters/message.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import { claimOf } from "#relayer/pipeline/2-prove.ts";
import { verifyBatch } from "#relayer/pipeline/4-verify.ts";
import { answer, answered, incoming, late } from "#scripts/vectors/beacon/lane.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
const lane = readBeaconVectors().filter(({ name }) => name.startsWith("lane-") && name !== "lane-batch");

const messages: Record<string, Message> = {
  "lane-commitment": { kind: "receive", packet: incoming },
  "lane-acknowledgement": { kind: "acknowledge", packet: answered, acknowledgements: answer },
  "lane-no-receipt": { kind: "timeout", packet: late },
};

interface Proven {
  readonly envelope: Envelope;
  readonly trusted: TrustedClient;
}

function proven(name: string): Proven {
  const vector = lane.find((one) => one.name === name);
  if (vector === undefined || !("trusted" in vector && "envelope" in vector && "height" in vector.expect))
    throw new Error(`no such proof: ${name}`);
  const trusted: TrustedClient = {
    clientId: "beacon-0",
    clientType: "beacon",
    state: bytes(vector.trusted),
    status: "active",
    height: BigInt(vector.expect.height),
    timestamp: BigInt(vector.expect.timestamp),
    expiresAt: 1_800_000_000n,
    now: BigInt(vector.now),
  };
  return { envelope: envelopeType.decode(bytes(vector.envelope)), trusted };
}

const judge = ({ envelope, trusted }: Proven, of: readonly Message[]) =>
  verifyBatch(verifyBeacon, {
    envelope: envelopeType.encode(envelope),
    trusted,
    sourceChain: "eip155:1",
    targetChain: "eip155:2",
    messages: of,
  });

/** The envelope says what the message calls for; only the proof is another one's. */
function forged(name: string, message: Message): Proven {
  const { envelope, trusted } = proven(name);
  const claim = claimOf(message);
  const [genuine] = envelope.claims as [EnvelopeClaim];
  const membership = claim.kind === "membership" ? 1n : 0n;
  const value = claim.kind === "membership" ? claim.value : new Uint8Array();
  return { envelope: { ...envelope, claims: [{ ...genuine, path: claim.path, membership, value }] }, trusted };
}

describe.each(Object.entries(messages))("for the message of %s", (own, message) => {
  test("its own proof stands", async () => {
    expect(await judge(proven(own), [message])).toMatchObject({ ok: true });
  });

  const others = lane.map(({ name }) => name).filter((name) => name !== own);
  test.each(others)("14, Hyperbridge, 2026: not %s", async (name) => {
    expect(await judge(proven(name), [message])).toMatchObject({ reason: "CLAIM_MISMATCH" });
    expect(await judge(forged(name, message), [message])).toMatchObject({ reason: "INVALID_STORAGE_PROOF" });
  });

  test("15: nor its own for two messages, or for none", async () => {
    expect(await judge(proven(own), [message, message])).toMatchObject({ reason: "CLAIM_MISMATCH" });
    expect(await judge(proven(own), [])).toMatchObject({ reason: "CLAIM_MISMATCH" });
  });
});

test("14, 18, Verus, 2026: a proof is for the bytes that were committed", async () => {
  const altered = { ...incoming, payloads: incoming.payloads.map((one) => ({ ...one, value: Uint8Array.of(9) })) };
  const message: Message = { kind: "receive", packet: altered };
  expect(await judge(proven("lane-commitment"), [message])).toMatchObject({ reason: "CLAIM_MISMATCH" });
  expect(await judge(forged("lane-commitment", message), [message])).toMatchObject({ reason: "VALUE_MISMATCH" });
  const received: Message = { kind: "timeout", packet: answered };
  expect(await judge(forged("lane-receipt", received), [received])).toMatchObject({ reason: "VALUE_PRESENT" });
});

test("25: that there is no receipt yet says nothing about the time after the timeout", async () => {
  const packet = { ...late, sequence: 3n, timeoutTimestamp: 1_700_002_497n };
  const message: Message = { kind: "timeout", packet };
  expect(await judge(proven("lane-no-receipt-of-another-sequence"), [message])).toMatchObject({
    reason: "CLAIM_MISMATCH",
  });
  const reached: Message = { kind: "timeout", packet: { ...packet, timeoutTimestamp: 1_700_002_496n } };
  expect(await judge(proven("lane-no-receipt-of-another-sequence"), [reached])).toMatchObject({ ok: true });
});
