// Stage 4: what only the relayer can judge, because it knows the lane and the packets.
import { expect, test } from "vitest";
import type { Message } from "#adapters/message.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { claimOf } from "#relayer/pipeline/2-prove.ts";
import { trustedAfter, verifyBatch } from "#relayer/pipeline/4-verify.ts";
import type { BatchEvidence } from "#relayer/pipeline/4-verify.ts";
import { FakeChain } from "#test/support/fake-chain.ts";
import { decodeTrusted, encodeTrusted, newest, verifyFake } from "#test/support/fake-evidence.ts";

const CLIENT = "fake-client-1";
const TARGET = "fake:b";

const chain = new FakeChain("fake:a", { finalityLag: 0n });
const packets = [1, 2, 3].map(() => chain.send("fake-client-0", CLIENT));
const timedOut: Packet = { ...(packets[2] as Packet), timeoutTimestamp: chain.timeAt(chain.height) };
const state = chain.bootstrap();

const trusted: TrustedClient = {
  clientId: CLIENT,
  clientType: "fake",
  state,
  status: "active",
  ...newest(decodeTrusted(state)),
  expiresAt: 10_000_000_000n,
  now: chain.timeAt(chain.height),
};

async function evidence(messages: readonly Message[]): Promise<BatchEvidence> {
  const envelope = await chain.prove({
    targetChain: TARGET,
    clientId: CLIENT,
    minHeight: 1n,
    minTimestamp: undefined,
    claims: messages.map(claimOf),
  });
  return { envelope, trusted, targetChain: TARGET, sourceChain: "fake:a", messages };
}

const receives = packets.map((packet): Message => ({ kind: "receive", packet }));
const judge = (input: BatchEvidence) => verifyBatch(verifyFake, input);

async function altered(change: (envelope: Envelope) => Partial<Envelope>): Promise<BatchEvidence> {
  const good = await evidence(receives);
  const decoded = envelopeType.decode(good.envelope);
  return { ...good, envelope: envelopeType.encode({ ...decoded, ...change(decoded) }) };
}

test("good evidence passes", async () => {
  expect(await judge(await evidence(receives))).toMatchObject({ ok: true, height: chain.height });
});

test("evidence for a timeout passes once its time has come", async () => {
  expect(await judge(await evidence([{ kind: "timeout", packet: timedOut }]))).toMatchObject({ ok: true });
});

test("a timeout proven too early is refused", async () => {
  const early = { ...timedOut, timeoutTimestamp: timedOut.timeoutTimestamp + 1n };
  expect(await judge(await evidence([{ kind: "timeout", packet: early }]))).toMatchObject({
    ok: false,
    reason: "CLAIM_MISMATCH",
    at: expect.stringContaining("timeout"),
  });
});

test.each([
  [
    "bytes that are no envelope",
    async () => ({ ...(await evidence(receives)), envelope: new Uint8Array([1]) }),
    "MALFORMED",
  ],
  ["another target chain", async () => altered(() => ({ targetChain: "fake:c" })), "WRONG_CHAIN"],
  ["another source chain", async () => altered(() => ({ sourceChain: "fake:c" })), "WRONG_CHAIN"],
  ["another light client", async () => altered(() => ({ clientId: "fake-client-9" })), "WRONG_CLIENT"],
  ["a claim too few", async () => altered(({ claims }) => ({ claims: claims.slice(1) })), "CLAIM_MISMATCH"],
  [
    "a claim too many",
    async () => altered(({ claims }) => ({ claims: [...claims, ...claims.slice(0, 1)] })),
    "CLAIM_MISMATCH",
  ],
  ["claims in another order", async () => altered(({ claims }) => ({ claims: claims.toReversed() })), "CLAIM_MISMATCH"],
  [
    "absence where membership is called for",
    async () =>
      altered(({ claims }) => ({
        claims: claims.map((claim) => ({ ...claim, membership: 0n, value: new Uint8Array() })),
      })),
    "CLAIM_MISMATCH",
  ],
  [
    "another value",
    async () => altered(({ claims }) => ({ claims: claims.map((claim) => ({ ...claim, value: new Uint8Array(32) })) })),
    "CLAIM_MISMATCH",
  ],
  [
    "a broken proof",
    async () => altered(({ claims }) => ({ claims: claims.map((claim) => ({ ...claim, proof: new Uint8Array(64) })) })),
    "INVALID_STORAGE_PROOF",
  ],
  [
    "a frozen light client",
    async () => ({
      ...(await evidence(receives)),
      trusted: { ...trusted, state: encodeTrusted({ ...decodeTrusted(state), frozen: true }) },
    }),
    "CLIENT_FROZEN",
  ],
] as const)("%s is refused", async (_, make, reason) => {
  expect(await judge(await make())).toMatchObject({ ok: false, reason });
});

const after = (envelope: Uint8Array, from: Uint8Array = state) =>
  trustedAfter(async (input) => verifyFake(input), { trusted: from, envelope, now: trusted.now });

test("what a light client will trust is what it would trust with the claims", async () => {
  const { envelope } = await evidence(receives);
  const verdict = verifyFake({ trusted: state, envelope, now: trusted.now });
  expect(await after(envelope)).toEqual(verdict.ok ? verdict.trusted : "refused");
});

test("whether the claims hold does not depend on it", async () => {
  const { envelope } = await altered(({ claims }) => ({
    claims: claims.map((claim) => ({ ...claim, proof: Uint8Array.of(1) })),
  }));
  expect(await after(envelope)).toEqual(await after((await evidence(receives)).envelope));
});

test("nothing follows what the light client would refuse", async () => {
  const { envelope } = await evidence(receives);
  expect(await after(envelope, encodeTrusted({ ...decodeTrusted(state), frozen: true }))).toBeUndefined();
  const { envelope: changed } = await altered(({ updates }) => ({ updates: updates.map((each) => each.toReversed()) }));
  expect(await after(changed)).toBeUndefined();
});
