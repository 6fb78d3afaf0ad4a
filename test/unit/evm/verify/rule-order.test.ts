// When evidence breaks several rules, the first one gives the reason: that is what lets every language agree.
import { expect, test } from "vitest";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import type { BeaconUpdate } from "#adapters/evm/verify/evidence.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const chain = makeBeaconFixture({ committeeSize: 32, slotsPerEpoch: 8n, epochsPerPeriod: 8n, startSlot: 208n });
const update = chain.makeUpdate({ signatureSlot: 240n, finalizedSlot: 224n, nextCommittee: true });

interface Given {
  readonly update: BeaconUpdate;
  readonly state: BeaconState;
  readonly now: bigint;
}

/** Each breaks one rule, in the rules' order; applied from the last to the first, so that earlier ones see a whole update. */
const violations: readonly (readonly [Reason, (given: Given) => Given])[] = [
  ["MALFORMED", (given) => ({ ...given, update: { ...given.update, syncCommitteeBits: new Uint8Array(5) } })],
  ["CLIENT_FROZEN", (given) => ({ ...given, state: { ...given.state, frozen: true } })],
  ["CLIENT_EXPIRED", (given) => ({ ...given, state: { ...given.state, trustingPeriod: 0n } })],
  [
    "INVALID_EXECUTION_HEADER",
    (given) => ({ ...given, update: { ...given.update, executionHeader: Uint8Array.of(0xc0) } }),
  ],
  ["SLOT_ORDER", (given) => ({ ...given, update: { ...given.update, signatureSlot: 239n } })],
  ["FUTURE_HEADER", (given) => ({ ...given, now: given.now - 100n })],
  ["UNKNOWN_FORK", (given) => ({ ...given, state: { ...given.state, forks: [] } })],
  ["UNKNOWN_PERIOD", (given) => ({ ...given, state: { ...given.state, period: 9n } })],
  ["INVALID_EXECUTION_BRANCH", (given) => ({ ...given, update: { ...given.update, executionBranch: [] } })],
  ["INVALID_FINALITY_BRANCH", (given) => ({ ...given, update: { ...given.update, finalityBranch: [] } })],
  [
    "INVALID_NEXT_COMMITTEE",
    (given) => ({ ...given, update: { ...given.update, nextSyncCommittee: [given.update.syncCommittee] } }),
  ],
  [
    "INVALID_COMMITTEE",
    (given) => ({ ...given, state: { ...given.state, committeeRoot: `0x${"77".repeat(32)}` as const } }),
  ],
  [
    "INSUFFICIENT_PARTICIPATION",
    (given) => ({ ...given, update: { ...given.update, syncCommitteeBits: new Uint8Array(4) } }),
  ],
  [
    "INVALID_SIGNATURE",
    (given) => ({ ...given, update: { ...given.update, syncCommitteeSignature: new Uint8Array(96) } }),
  ],
];

const whole: Given = { update, state: chain.trusted, now: chain.timeOf(240n) };
const judge = ({ update: evidence, state, now }: Given): unknown =>
  applyUpdate(state, beaconUpdate.encode(evidence), now);

test("the update breaks none", () => {
  expect(judge(whole)).toBeTypeOf("object");
});

test.each(violations.map(([reason], index) => [reason, index] as const))(
  "%s before all later rules",
  (reason, index) => {
    const broken = violations
      .slice(index)
      .toReversed()
      .reduce<Given>((given, [, breaks]) => breaks(given), whole);
    expect(judge(broken)).toBe(reason);
  },
);

test.each(violations)("%s alone", (reason, breaks) => {
  expect(judge(breaks(whole))).toBe(reason);
});
