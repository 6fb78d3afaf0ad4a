import { afterEach, describe, expect, test } from "vitest";
import { createCompare } from "#adapters/cosmos/compare.ts";
import { contradict } from "#adapters/cosmos/contradict.ts";
import { canonicalUpdate } from "#adapters/cosmos/light-blocks/canonical-update.ts";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { verifyMisbehaviour } from "#adapters/cosmos/verify/misbehaviour.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import { makeCometChain } from "#test/support/comet-chain.ts";
import type { CometChain } from "#test/support/comet-chain.ts";
import { openComet, trustedComet } from "#test/support/comet-context.ts";
import type { CometBench } from "#test/support/comet-context.ts";
import { makeMembers, timeAt, validatorsOf } from "#test/support/comet-evidence.ts";
import type { CometAnswer, CometAnswers } from "#test/support/comet-node.ts";

const HEAD = 40n;
const members = makeMembers("compare", [10n, 10n, 10n, 10n]);
const membersAt = () => members;
const forged = new Uint8Array(32).fill(7);
const chain = makeCometChain({ height: HEAD, membersAt });
/** The same validators signed other blocks from 30 on. */
const fork = makeCometChain({
  height: 60n,
  membersAt,
  headerAt: (height) => (height >= 30n ? { appHash: forged } : {}),
});
/** A higher block that is no later than block 35 of the chain. */
const slow = makeCometChain({
  height: 60n,
  membersAt,
  headerAt: (height) => (height === 50n ? { time: timeAt(35n) } : {}),
});

const never = new AbortController().signal;
let bench: CometBench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

async function compare(answers: readonly CometAnswers[], state: CometState) {
  bench = await openComet(answers);
  return createCompare(bench.context)(trustedComet(state, HEAD), never);
}

const joined = (...states: readonly CometState[]): CometState => ({
  ...chain.trusting(1n),
  consensusStates: states.flatMap(({ consensusStates }) => consensusStates),
});

describe("compare", () => {
  test("what the chain's own headers say is not contradicted, and asked for once", async () => {
    bench = await openComet([chain.answers]);
    const compareWith = createCompare(bench.context);
    const trusted = trustedComet(chain.trusting(10n, 20n, 30n), HEAD);
    expect(await compareWith(trusted, never)).toEqual({ contradictions: [], uncompared: [] });
    const commits = () => bench?.nodes[0]?.asked.filter((method) => method === "commit").length;
    const before = commits() ?? 0;
    await compareWith(trusted, never);
    expect(commits()).toBe(before);
  });

  test.each([
    ["app hash", { appHash: forged }],
    ["time", { time: { seconds: timeAt(32n).seconds, nanos: 1n } }],
    ["next validators", { nextValidatorsHash: forged }],
  ])("another %s is a contradiction, proven by what its own trusted validators signed", async (_, header) => {
    const believed = makeCometChain({ height: 32n, membersAt, headerAt: (height) => (height === 32n ? header : {}) });
    const { contradictions, uncompared } = await compare(
      [chain.answers],
      joined(chain.trusting(10n), believed.trusting(32n)),
    );
    expect(contradictions).toMatchObject([{ height: 32n, basis: "proven" }]);
    expect(uncompared).toEqual([]);
  });

  test("where nothing below reaches, every endpoint has to say so", async () => {
    const { contradictions } = await compare([chain.answers, chain.answers], fork.trusting(32n));
    expect(contradictions).toMatchObject([{ height: 32n, basis: "told" }]);
    await bench?.close();
    const divided = await compare([chain.answers, fork.answers], fork.trusting(32n));
    expect(divided.contradictions).toEqual([]);
    expect(divided.uncompared).toMatchObject([{ height: 32n, because: "unserved" }]);
  });

  test("an endpoint that shows blocks nobody signed contradicts nobody", async () => {
    const commit: CometAnswers[string] = (params) => {
      const text = JSON.stringify(fork.answers["commit"]?.(params));
      return JSON.parse(text.replaceAll(/"signature":"[^"]*"/g, `"signature":"${"A".repeat(86)}=="`)) as CometAnswer;
    };
    const unsigned = { ...chain.answers, commit };
    const { contradictions, uncompared } = await compare([chain.answers, unsigned], chain.trusting(10n, 32n));
    expect([contradictions, uncompared]).toEqual([[], []]);
    expect(bench?.context.endpoints.status()[1]?.problem).toContain("INVALID_SIGNATURE");
  });

  test("an endpoint that follows a chain of other validators leaves it open", async () => {
    const strangers = makeMembers("strangers", [1n]);
    const other = makeCometChain({ height: HEAD, membersAt: () => strangers });
    const { contradictions, uncompared } = await compare([chain.answers, other.answers], chain.trusting(10n, 32n));
    expect(contradictions).toEqual([]);
    expect(uncompared.map(({ because }) => because)).toEqual(["unserved", "unserved"]);
  });

  test("what is above our endpoints is compared later", async () => {
    const { contradictions, uncompared } = await compare(
      [chain.answers],
      joined(chain.trusting(10n), fork.trusting(50n)),
    );
    expect(contradictions).toEqual([]);
    expect(uncompared).toMatchObject([{ height: 50n, because: "ahead" }]);
  });

  test("a higher block that is no later than ours is none of the chain", async () => {
    const { contradictions } = await compare([chain.answers], joined(chain.trusting(10n), slow.trusting(50n)));
    expect(contradictions).toMatchObject([{ height: 50n, basis: "proven" }]);
  });

  test("what is pruned everywhere is said to be unserved", async () => {
    const pruned = makeCometChain({ height: HEAD, membersAt, lowest: 30n });
    const { contradictions, uncompared } = await compare([pruned.answers], chain.trusting(10n, 35n));
    expect(contradictions).toEqual([]);
    expect(uncompared).toMatchObject([{ height: 10n, because: "unserved" }]);
  });
});

/** The update that brought block `height` of a chain to a light client that trusted block 10. */
function acceptedFrom(from: CometChain, height: bigint): Uint8Array {
  const step = { block: from.block(height), trustedHeight: 10n, trustedValidators: validatorsOf(members) };
  return cometUpdate.encode(canonicalUpdate(step, chain.trusting(10n)));
}

async function report(answers: readonly CometAnswers[], state: CometState, accepted: Uint8Array) {
  bench = await openComet(answers);
  const trusted = trustedComet(state, HEAD);
  const answer = await contradict(bench.context, { trusted, accepted }, never);
  const verdict = answer.ok
    ? verifyMisbehaviour({ trusted: trusted.state, misbehaviour: answer.report, now: trusted.now })
    : undefined;
  return { answer, verdict };
}

describe("contradict", () => {
  test("two blocks of one height make a report that freezes", async () => {
    const state = joined(chain.trusting(10n), fork.trusting(32n));
    const { verdict } = await report([chain.answers], state, acceptedFrom(fork, 32n));
    expect(verdict).toMatchObject({ ok: true, height: 32n });
  });

  test("so does a higher block that is no later than our newest one", async () => {
    const state = joined(chain.trusting(10n), slow.trusting(50n));
    const { verdict } = await report([chain.answers], state, acceptedFrom(slow, 50n));
    expect(verdict).toMatchObject({ ok: true, height: 50n });
  });

  test("an update as other relayers submit it, with more votes than needed, serves as well", async () => {
    const canonical = cometUpdate.decode(acceptedFrom(fork, 32n));
    const { header, commit } = fork.block(32n);
    const generous = cometUpdate.encode({ ...canonical, signedHeader: { header, commit } });
    const state = joined(chain.trusting(10n), fork.trusting(32n));
    expect((await report([chain.answers], state, generous)).verdict).toMatchObject({ ok: true });
  });

  test("the next endpoint is asked when one has the same block", async () => {
    const state = joined(chain.trusting(10n), fork.trusting(32n));
    const { verdict } = await report([fork.answers, chain.answers], state, acceptedFrom(fork, 32n));
    expect(verdict).toMatchObject({ ok: true });
  });

  test.each([
    ["its own block", acceptedFrom(chain, 32n), /NO_CONFLICT/],
    ["a block to come that is later, too", acceptedFrom(fork, 50n), /NO_CONFLICT/],
    ["bytes that are no update", Uint8Array.of(1, 2, 3), /does not decode/],
    ["nothing", new Uint8Array(), /does not decode/],
  ])("there is no report against %s", async (_, accepted, why) => {
    const { answer } = await report([chain.answers], joined(chain.trusting(10n), fork.trusting(32n)), accepted);
    expect(answer).toMatchObject({ ok: false, why: expect.stringMatching(why) as string });
  });

  test("there is none when the light client trusts nothing that reaches our block", async () => {
    const { answer } = await report([chain.answers], fork.trusting(32n), acceptedFrom(fork, 32n));
    expect(answer).toMatchObject({ ok: false, why: expect.stringContaining("reaches") as string });
  });
});
