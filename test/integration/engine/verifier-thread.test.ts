// Stage 4 in a thread: the same verdicts, and none at all when the thread ends, hangs, or cannot be started.
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { families } from "#adapters/families.ts";
import type { Verdict, Verify, VerifyInput } from "#adapters/protocol/verdict.ts";
import { claimOf } from "#relayer/pipeline/2-prove.ts";
import { openVerifierThread } from "#relayer/pipeline/verifier-thread.ts";
import type { VerifierThread, VerifierThreadOptions } from "#relayer/pipeline/verifier-thread.ts";
import { FakeChain } from "#test/support/fake-chain.ts";
import { verifyFake } from "#test/support/fake-evidence.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { validEnvelopes } from "#test/support/valid-envelopes.ts";

const opened: VerifierThread[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((thread) => thread.close()));
});

/** Judges everything in the thread. */
function open(options: Partial<VerifierThreadOptions> = {}): VerifierThread {
  const verifiers = import.meta.resolve("#test/support/fake-verifiers.ts");
  const thread = openVerifierThread({ verifiers, logger: testLogger, smallBytes: 0, ...options });
  opened.push(thread);
  return thread;
}

/** What the thread has to judge by itself: here it would be a mistake. */
const notHere: Verify = () => {
  throw new TypeError("judged on the event loop");
};
const family = (name: string) => ({ family: name, verify: notHere });

async function evidence(packets: number): Promise<VerifyInput> {
  const chain = new FakeChain("fake:a", { finalityLag: 0n });
  const sent = Array.from({ length: packets }, () => chain.send("fake-client-0", "fake-client-1"));
  const envelope = await chain.prove({
    targetChain: "fake:b",
    clientId: "fake-client-1",
    minHeight: 1n,
    minTimestamp: undefined,
    claims: sent.map((packet) => claimOf({ kind: "receive", packet })),
  });
  return { envelope, trusted: chain.bootstrap(), now: chain.timeAt(chain.height) };
}

function damaged({ envelope, ...rest }: VerifyInput): VerifyInput {
  const bytes = Uint8Array.from(envelope);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return { ...rest, envelope: bytes };
}

test("good and damaged evidence have the verdicts that they have on the event loop", async () => {
  const thread = open();
  const good = await evidence(50);
  const before = Uint8Array.from(good.envelope);
  for (const input of [good, damaged(good), { ...good, envelope: new Uint8Array([1]) }, { ...good, now: 1n << 62n }])
    expect(await thread.judge(family("fake"), input)).toStrictEqual(verifyFake(input));
  // It still has the bytes that it logs.
  expect(good.envelope).toEqual(before);
});

test("so has evidence about the chains that there are", async () => {
  const thread = open({ verifiers: import.meta.resolve("#adapters/verifiers.ts") });
  const [evm] = families;
  for (const input of validEnvelopes.slice(0, 3)) {
    const verdict: Verdict = await thread.judge(family(evm.family), input);
    expect(verdict).toStrictEqual(evm.verify(input));
    expect(verdict).toMatchObject({ ok: true });
  }
});

test("evidence of few bytes is judged where it is", async () => {
  const input = await evidence(1);
  const thread = open({ smallBytes: input.envelope.length, verifiers: "file:///nothing-is-here.ts" });
  expect(await thread.judge({ family: "fake", verify: verifyFake }, input)).toEqual(verifyFake(input));
});

test.each([
  ["ends", "ending", /ended with 3/],
  ["throws", "throwing", /a mistake in a verifier/],
  ["never answers", "endless", /none in 3 s/],
  ["takes all memory", "greedy", /memory/],
  ["is not known", "unheard-of", /no verifier of unheard-of/],
])("a verifier that %s gives no verdict, and the next one is judged", async (_, name, why) => {
  const thread = open(name === "endless" ? { patienceSeconds: 3 } : {});
  const input = await evidence(2);
  // For one that never answers to be given up, the event loop has to turn meanwhile.
  const bad = thread.judge(family(name), input);
  const good = thread.judge(family("fake"), input);
  const worse = thread.judge(family("fake"), damaged(input));
  await expect(bad).rejects.toMatchObject({ code: "VERIFIER_FAILED", message: expect.stringMatching(why) as string });
  // They waited behind it, and have nothing to do with it.
  expect(await good).toEqual(verifyFake(input));
  expect(await worse).toMatchObject({ ok: false });
});

test("a module that is not there gives no verdict", async () => {
  const thread = open({ verifiers: "file:///nothing-is-here.ts" });
  await expect(thread.judge(family("fake"), await evidence(1))).rejects.toMatchObject({ code: "VERIFIER_FAILED" });
});

test("closing ends the thread in the middle of a judgement, and nothing is judged after it", async () => {
  const thread = open();
  const input = await evidence(1);
  const judging = thread.judge(family("endless"), input);
  const waiting = thread.judge(family("fake"), input);
  const ended = Promise.all([
    expect(judging).rejects.toMatchObject({ code: "CANCELLED" }),
    expect(waiting).rejects.toMatchObject({ code: "CANCELLED" }),
  ]);
  await delay(50);
  await thread.close();
  await ended;
  await expect(thread.judge(family("fake"), input)).rejects.toMatchObject({ code: "CANCELLED" });
});
