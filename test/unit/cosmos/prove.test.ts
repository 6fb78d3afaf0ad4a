import { afterEach, describe, expect, test } from "vitest";
import type { ProveRequest } from "#adapters/source-chain.ts";
import { prove } from "#adapters/cosmos/prove.ts";
import { latestOf } from "#adapters/cosmos/verify/status.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import { verifyComet } from "#adapters/cosmos/verify/verify.ts";
import { envelope as envelopeCodec } from "#adapters/protocol/envelope.ts";
import { makeCometChain } from "#test/support/comet-chain.ts";
import { openComet, trustedComet } from "#test/support/comet-context.ts";
import type { CometBench } from "#test/support/comet-context.ts";
import { makeMembers, timeAt } from "#test/support/comet-evidence.ts";
import type { Member } from "#test/support/comet-evidence.ts";
import type { CometAnswers } from "#test/support/comet-node.ts";

const HEAD = 40n;
const members = makeMembers("prove", [10n, 10n, 10n, 10n]);
const path = Uint8Array.of(5);
const value = new Uint8Array(32).fill(9);
const entries = [1, 3, 5, 7, 9].map((key) => ({ key: Uint8Array.of(key), value }));
const honest = makeCometChain({ height: HEAD, membersAt: () => members, entries });

let bench: CometBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

const holds = { kind: "membership", path, value } as const;
const never = new AbortController().signal;

/** What the verifier says of what was proven, too. */
async function proveWith(answers: readonly CometAnswers[], state: CometState, request: Partial<ProveRequest> = {}) {
  bench = await openComet(answers);
  const trusted = trustedComet(state, HEAD);
  const asked = { targetChain: "eip155:1", trusted, minHeight: 20n, claims: [holds], ...request };
  const bytes = await prove(bench.context, asked, never);
  const verdict = verifyComet({ trusted: trusted.state, envelope: bytes, now: trusted.now });
  return { verdict, envelope: envelopeCodec.decode(bytes) };
}

describe("prove", () => {
  test("an update to the newest block, and the claims under it", async () => {
    const { verdict, envelope } = await proveWith([honest.answers], honest.trusting(10n));
    expect(verdict).toMatchObject({ ok: true, height: HEAD });
    expect(envelope.updates).toHaveLength(1);
    expect(bench?.nodes[0]?.asked.filter((method) => method === "validators")).toHaveLength(1);
  });

  test("no update when what is trusted is high enough: the state is proven under the next block's header", async () => {
    const { verdict, envelope } = await proveWith([honest.answers], honest.trusting(10n, 21n));
    expect(verdict).toMatchObject({ ok: true, height: 21n });
    expect(envelope.updates).toEqual([]);
  });

  test("the trusted height is one too low for what happened in that very block", async () => {
    const { envelope } = await proveWith([honest.answers], honest.trusting(10n, 20n));
    expect(envelope.updates).toHaveLength(1);
  });

  test("an update after all when nobody keeps the state under the trusted height", async () => {
    const pruned = makeCometChain({ height: HEAD, membersAt: () => members, entries, lowest: 30n });
    const { verdict, envelope } = await proveWith([pruned.answers], honest.trusting(10n, 21n));
    expect(verdict).toMatchObject({ ok: true, height: HEAD });
    expect(envelope.updates).toHaveLength(1);
  });

  test("absence is proven at a time that is late enough", async () => {
    const claims = [{ kind: "absence", path: Uint8Array.of(4) }] as const;
    const minTimestamp = timeAt(35n).seconds;
    const { verdict } = await proveWith([honest.answers], honest.trusting(10n, 30n), { claims, minTimestamp });
    expect(verdict.ok && verdict.timestamp >= minTimestamp).toBe(true);
  });

  test("without claims the light client is brought to the newest block", async () => {
    const { verdict, envelope } = await proveWith([honest.answers], honest.trusting(10n), {
      claims: [],
      minHeight: HEAD,
    });
    expect(verdict).toMatchObject({ ok: true, height: HEAD });
    expect(envelope.rootProof).toHaveLength(0);
  });

  test("a light client that is as new as the chain lacks nothing", async () => {
    const state = honest.trusting(10n, HEAD);
    const { verdict, envelope } = await proveWith([honest.answers], state, { claims: [], minHeight: HEAD });
    expect(verdict).toMatchObject({ ok: true, height: latestOf(state).height });
    expect(envelope.updates).toEqual([]);
  });

  test("what is not true is proven untrue", async () => {
    const claims = [{ kind: "membership", path: Uint8Array.of(4), value }] as const;
    const { verdict } = await proveWith([honest.answers], honest.trusting(10n), { claims });
    expect(verdict).toMatchObject({ ok: false, reason: "VALUE_ABSENT" });
  });

  test.each([
    ["a claim about the newest block waits for the next one", { minHeight: HEAD }, HEAD + 1n],
    ["a claim about a block to come", { minHeight: 100n }, 101n],
    ["an update to a block to come", { minHeight: 100n, claims: [] }, 100n],
    ["a time to come", { minTimestamp: timeAt(HEAD).seconds + 1n }, HEAD + 1n],
  ])("NOT_FINAL_YET: %s", async (_, request, height) => {
    await expect(proveWith([honest.answers], honest.trusting(10n), request)).rejects.toMatchObject({
      code: "NOT_FINAL_YET",
      height,
    });
  });

  test("an endpoint that is behind is not the last one asked, and not to blame", async () => {
    const behind = makeCometChain({ height: 15n, membersAt: () => members, entries });
    const { verdict } = await proveWith([behind.answers, honest.answers], honest.trusting(10n));
    expect(verdict).toMatchObject({ ok: true, height: HEAD });
    expect(bench?.context.endpoints.status().map(({ problem }) => problem)).toEqual([undefined, undefined]);
  });

  const strangers = makeMembers("strangers", [10n, 10n, 10n, 10n]);
  const liars: [string, CometAnswers, string][] = [
    [
      "other validators' chain",
      makeCometChain({ height: HEAD, membersAt: () => strangers, entries }).answers,
      "RPC_BAD_ANSWER",
    ],
    [
      "proofs of another store",
      {
        ...honest.answers,
        abci_query:
          makeCometChain({ height: HEAD, membersAt: () => members, entries: [{ key: path, value }] }).answers[
            "abci_query"
          ] ?? (() => ({ error: "" })),
      },
      "EVIDENCE_REFUSED",
    ],
    [
      "a proof of another path",
      {
        ...honest.answers,
        abci_query: (params) => honest.answers["abci_query"]?.({ ...params, data: "07" }) ?? { error: "" },
      },
      "EVIDENCE_REFUSED",
    ],
    [
      "no proofs",
      { ...honest.answers, abci_query: ({ height = "0" }) => ({ result: { response: { code: 0, height } } }) },
      "RPC_BAD_ANSWER",
    ],
  ];
  test.each(liars)("an endpoint that shows %s is blamed, and the next one asked", async (_, lies, code) => {
    const { verdict } = await proveWith([lies, honest.answers], honest.trusting(10n));
    expect(verdict).toMatchObject({ ok: true, height: HEAD });
    expect(bench?.context.endpoints.status()[0]?.problem).toContain(code);
    await bench?.close();
    await expect(proveWith([lies], honest.trusting(10n))).rejects.toMatchObject({ code });
  });

  test("CLIENT_BEHIND when the claims would have to wait for too many updates", async () => {
    // Nobody of one age is there in the next.
    const ages = ["one", "two", "three"].map((name) => makeMembers(name, Array<bigint>(40).fill(10n)));
    const membersAt = (height: bigint): readonly Member[] => ages[height < 20n ? 0 : height < 30n ? 1 : 2] ?? [];
    const restless = makeCometChain({ height: HEAD, membersAt, entries });
    await expect(proveWith([restless.answers], restless.trusting(10n))).rejects.toMatchObject({
      code: "CLIENT_BEHIND",
    });
    await bench?.close();
    const { verdict } = await proveWith([restless.answers], restless.trusting(10n), { claims: [], minHeight: HEAD });
    expect(verdict.ok && verdict.height > 20n).toBe(true);
  });

  test("a frozen light client is not served", async () => {
    const state = { ...honest.trusting(10n), frozen: true };
    await expect(proveWith([honest.answers], state)).rejects.toMatchObject({ code: "CLIENT_FROZEN" });
  });

  test("a light client of another chain or type is named", async () => {
    const state = { ...honest.trusting(10n), chainId: "other-1" };
    await expect(proveWith([honest.answers], state)).rejects.toMatchObject({ code: "INVALID_CONFIG" });
    await bench?.close();
    const trusted = { ...trustedComet(honest.trusting(10n), HEAD), clientType: "beacon" };
    await expect(proveWith([honest.answers], honest.trusting(10n), { trusted })).rejects.toMatchObject({
      code: "UNSUPPORTED",
    });
  });
});
