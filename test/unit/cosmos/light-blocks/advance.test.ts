import { describe, expect, test } from "vitest";
import { advance } from "#adapters/cosmos/light-blocks/advance.ts";
import type { LightBlock, LightBlocks } from "#adapters/cosmos/light-blocks/light-block.ts";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { isForBlock } from "#adapters/cosmos/verify/form.ts";
import { latestOf } from "#adapters/cosmos/verify/status.ts";
import { makeMembers, timeAt, validatorsOf } from "#test/support/comet-evidence.ts";
import type { Member } from "#test/support/comet-evidence.ts";
import { makeCometChain } from "#test/support/comet-chain.ts";
import type { CometChain } from "#test/support/comet-chain.ts";

const HEAD = 60n;
const first = makeMembers("first", [10n, 10n, 10n, 10n]);
const second = makeMembers("second", [10n, 10n, 10n, 10n]);
/** One of four is replaced every tenth block, so that after thirty nobody is left. */
const rotating = (height: bigint): readonly Member[] => {
  const gone = Number(height / 10n);
  return gone >= 4 ? second : [...first.slice(gone), ...second.slice(0, gone)];
};

const steady = makeCometChain({ height: HEAD, membersAt: () => first });
const moving = makeCometChain({ height: HEAD, membersAt: rotating });

function source(
  chain: CometChain,
  membersAt: (height: bigint) => readonly Member[],
): LightBlocks & { asked: bigint[] } {
  const asked: bigint[] = [];
  return {
    name: "source",
    asked,
    async at(height) {
      asked.push(height);
      return chain.block(height);
    },
    validators: async (height) => validatorsOf(membersAt(height)),
  };
}

const budget = { signatures: 1_000, bytes: 1_000_000 };
const now = timeAt(HEAD).seconds + 1n;
const heightsOf = (updates: readonly Uint8Array[]): (bigint | undefined)[] =>
  updates.map((bytes) => cometUpdate.decode(bytes).signedHeader?.header?.height);

describe("advance", () => {
  test("one update skips as far as the trusted validators reach", async () => {
    const blocks = source(steady, () => first);
    const options = { state: steady.trusting(5n), now, target: HEAD, budget };
    const { updates, state, isComplete } = await advance(options, blocks);
    expect([heightsOf(updates), isComplete, latestOf(state).height]).toEqual([[HEAD], true, HEAD]);
    expect(blocks.asked).toEqual([HEAD]);
  });

  test("an update carries no vote more than it needs", async () => {
    const { updates } = await advance(
      { state: steady.trusting(5n), now, target: HEAD, budget },
      source(steady, () => first),
    );
    const votes = cometUpdate.decode(updates[0] ?? new Uint8Array()).signedHeader?.commit?.signatures ?? [];
    expect(votes.map(isForBlock)).toEqual([true, true, true, false]);
  });

  test("where they do not reach, blocks between are trusted first", async () => {
    const blocks = source(moving, rotating);
    const { updates, state, isComplete } = await advance(
      { state: moving.trusting(5n), now, target: HEAD, budget },
      blocks,
    );
    const heights = heightsOf(updates);
    expect(isComplete).toBe(true);
    expect(heights.at(-1)).toBe(HEAD);
    expect(heights.length).toBeGreaterThan(1);
    // Halving, not walking.
    expect(blocks.asked.length).toBeLessThan(10);
    expect(state.consensusStates.map(({ height }) => height)).toEqual([5n, ...heights]);
  });

  test("the next block needs nobody's reach", async () => {
    const sudden = (height: bigint): readonly Member[] => (height <= 5n ? first : second);
    const chain = makeCometChain({ height: 8n, membersAt: sudden });
    const { updates } = await advance(
      { state: chain.trusting(4n), now: timeAt(8n).seconds, target: 8n, budget },
      source(chain, sudden),
    );
    // Block 5 names the second set for block 6, which nobody of the first signs.
    expect(heightsOf(updates)).toEqual([5n, 8n]);
  });

  test.each([
    ["signatures", { signatures: 7, bytes: 1_000_000 }],
    ["bytes", { signatures: 1_000, bytes: 2_500 }],
  ])("ends early when the budget of %s is used up, and goes on from there", async (_, small) => {
    const blocks = source(moving, rotating);
    const one = await advance({ state: moving.trusting(5n), now, target: HEAD, budget: small }, blocks);
    expect(one.isComplete).toBe(false);
    expect(one.updates.length).toBeGreaterThan(0);
    let { state } = one;
    for (let round = 0; round < 10 && latestOf(state).height < HEAD; round += 1)
      ({ state } = await advance({ state, now, target: HEAD, budget: small }, blocks));
    expect(latestOf(state).height).toBe(HEAD);
  });

  test("one update always fits, however small the budget", async () => {
    const options = { state: steady.trusting(5n), now, target: HEAD, budget: { signatures: 0, bytes: 0 } };
    expect(
      (
        await advance(
          options,
          source(steady, () => first),
        )
      ).isComplete,
    ).toBe(true);
  });

  const tampered: [string, (block: LightBlock) => LightBlock, string][] = [
    [
      "a header changed",
      (block) => ({ ...block, header: { ...block.header, appHash: new Uint8Array(32).fill(1) } }),
      "INVALID_HEADER_HASH",
    ],
    [
      "votes of nobody",
      (block) => ({
        ...block,
        commit: {
          ...block.commit,
          signatures: block.commit.signatures.map((vote) => ({ ...vote, signature: new Uint8Array(64).fill(1) })),
        },
      }),
      "INVALID_SIGNATURE",
    ],
    [
      "other validators",
      (block) => ({ ...block, validators: block.validators.map((one) => ({ ...one, votingPower: 1n })) }),
      "INVALID_VALIDATORS",
    ],
  ];
  test.each(tampered)("EVIDENCE_REFUSED for a block with %s", async (_, change, reason) => {
    const honest = source(steady, () => first);
    const blocks = { ...honest, at: async (height: bigint) => change(await honest.at(height)) };
    await expect(advance({ state: steady.trusting(5n), now, target: HEAD, budget }, blocks)).rejects.toMatchObject({
      code: "EVIDENCE_REFUSED",
      context: { endpoint: "source", reason },
    });
  });

  test("EVIDENCE_REFUSED for a block that is ahead of the judging clock", async () => {
    await expect(
      advance(
        { state: steady.trusting(5n), now: now - 100n, target: HEAD, budget },
        source(steady, () => first),
      ),
    ).rejects.toMatchObject({ code: "EVIDENCE_REFUSED", context: { reason: "FUTURE_HEADER" } });
  });
});
