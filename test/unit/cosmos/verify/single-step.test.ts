// One-step verdicts of tendermint-rs' model-based tests, which a model checker found.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { toHex } from "#adapters/protocol/bytes.ts";
import { fromSeconds, nanoseconds } from "#adapters/cosmos/verify/time.ts";
import type { CometState, ConsensusState } from "#adapters/cosmos/verify/trusted-state.ts";
import { brokenRule, trustedBy } from "#adapters/cosmos/verify/update.ts";
import { modelUpdate, singleStep } from "#test/support/comet-model.ts";
import { neededVotes } from "#adapters/cosmos/light-blocks/needed-votes.ts";
import { invalidModels, modelVerdict } from "#test/support/comet-model-verdicts.ts";
import { sharedVector } from "#test/support/shared-vectors.ts";

const folder = sharedVector("tendermint/single_step");
const files = folder === undefined ? [] : readdirSync(folder);

type Header = {
  readonly height: bigint;
  readonly time: { seconds: bigint; nanos: bigint };
  readonly nextValidatorsHash: Uint8Array;
};

/** Nothing is proven by these headers, whose application hash is empty. */
const consensusState = ({ height, time, nextValidatorsHash }: Header): ConsensusState => ({
  height,
  timestamp: nanoseconds(time),
  appHash: `0x${"01".repeat(32)}`,
  nextValidatorsHash: toHex(nextValidatorsHash),
});

describe.skipIf(folder === undefined)("single step", () => {
  test.each(files)("%s", (file) => {
    const { initial, input } = singleStep.parse(JSON.parse(readFileSync(`${folder}/${file}`, "utf8")));
    const trustLevel = { numerator: 1n, denominator: 3n };
    let trusted = consensusState(initial.signed_header.header);
    let trustedValidators = initial.next_validator_set;
    for (const { block, now, verdict } of input) {
      const state: CometState = {
        chainId: "test-chain",
        trustLevelNumerator: trustLevel.numerator,
        trustLevelDenominator: trustLevel.denominator,
        trustingPeriod: initial.trusting_period,
        unbondingPeriod: initial.trusting_period * 2n,
        maxClockDrift: fromSeconds(1n),
        frozen: false,
        consensusStates: [trusted],
      };
      const full = modelUpdate(block, trusted.height, trustedValidators);
      const isAdjacent = full.header.height === trusted.height + 1n;
      const { commit, validators } = full;
      const signatures = neededVotes({
        votes: commit.signatures,
        validators,
        trustedValidators: isAdjacent ? undefined : trustedValidators,
        trustLevel,
      });
      const update = { ...full, commit: { ...commit, signatures } };
      const basis = trustedBy(update, state, nanoseconds(now));
      const reason = typeof basis === "string" ? basis : brokenRule(update, state, basis, nanoseconds(now));
      expect(modelVerdict(reason), `height ${full.header.height}: ${reason}`).toBe(verdict);
      if (verdict === "INVALID") expect(reason).toBe(invalidModels[file]);
      if (verdict !== "SUCCESS") continue;
      trusted = consensusState(full.header);
      trustedValidators = block.next_validator_set;
    }
  });

  test("all verdicts are met", () => {
    expect(files.length).toBeGreaterThan(15);
    expect(Object.keys(invalidModels).every((name) => files.includes(name))).toBe(true);
  });
});
