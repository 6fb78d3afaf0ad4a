// From what a light client trusts to a later block: one update where the trusted validators reach so far, else by blocks between (bisection).
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { fromHex, toHex } from "#adapters/protocol/bytes.ts";
import { cometUpdate } from "../verify/evidence.ts";
import type { CometUpdate } from "../verify/evidence.ts";
import { headerHash } from "../verify/header-hash.ts";
import { isForBlock } from "../verify/form.ts";
import { latestOf } from "../verify/status.ts";
import { fromSeconds } from "../verify/time.ts";
import type { CometState } from "../verify/trusted-state.ts";
import { applyUpdate } from "../verify/update.ts";
import { canonicalUpdate, isWithinReach } from "./canonical-update.ts";
import type { Step } from "./canonical-update.ts";
import type { LightBlock, LightBlocks } from "./light-block.ts";

export interface AdvanceOptions {
  readonly state: CometState;
  /** Unix seconds on the clock that will judge the updates. */
  readonly now: bigint;
  /** Above what the state trusts. */
  readonly target: bigint;
  /** Ends the evidence early, so that one transaction can carry it; the first update always fits. */
  readonly budget: Budget;
}

export interface Budget {
  readonly signatures: number;
  readonly bytes: number;
}

export interface Advanced {
  /** Canonical, each accepted by our own verifier. */
  readonly updates: readonly Uint8Array[];
  /** Of their headers, in hexadecimal. */
  readonly hashes: readonly string[];
  /** What they lead to. */
  readonly state: CometState;
  /** Whether that is the target. */
  readonly isComplete: boolean;
}

export const refused = (name: string, reason: Reason): CausewayError =>
  new CausewayError("EVIDENCE_REFUSED", `${name} gave evidence that our own verifier refuses: ${reason}`, {
    context: { endpoint: name, reason },
  });

const signaturesIn = ({ signedHeader }: CometUpdate): number =>
  signedHeader?.commit?.signatures.filter(isForBlock).length ?? 0;

/** Throws EVIDENCE_REFUSED, naming whose blocks do not verify, and what the blocks' endpoint throws. */
export async function advance(options: AdvanceOptions, blocks: LightBlocks): Promise<Advanced> {
  const { target, budget } = options;
  let { state } = options;
  const updates: Uint8Array[] = [];
  const hashes: string[] = [];
  const left = { ...budget };
  const seen = new Map<bigint, LightBlock>();
  while (latestOf(state).height < target) {
    const step = await farthestStep(target, state, blocks, seen);
    const update = canonicalUpdate(step, state);
    const bytes = cometUpdate.encode(update);
    left.signatures -= signaturesIn(update);
    left.bytes -= bytes.length;
    if (updates.length > 0 && (left.signatures < 0 || left.bytes < 0))
      return { updates, hashes, state, isComplete: false };
    const next = applyUpdate(state, bytes, fromSeconds(options.now));
    if (typeof next === "string") throw refused(blocks.name, next);
    updates.push(bytes);
    hashes.push(toHex(headerHash(step.block.header)));
    state = next;
  }
  return { updates, hashes, state, isComplete: true };
}

/** To the target, or half the way as often as that is too far; the next block is never. */
async function farthestStep(
  target: bigint,
  state: CometState,
  blocks: LightBlocks,
  seen: Map<bigint, LightBlock>,
): Promise<Step> {
  const { height: trustedHeight, nextValidatorsHash } = latestOf(state);
  for (let goal = target; ; goal = (trustedHeight + goal) / 2n) {
    const block = seen.get(goal) ?? (await blocks.at(goal));
    seen.set(goal, block);
    // After the block: while a set stays the same, nobody has to keep it for the trusted height.
    const trustedValidators = await blocks.validators(trustedHeight + 1n, fromHex(nextValidatorsHash));
    const step = { block, trustedHeight, trustedValidators };
    if (isWithinReach(step, state)) return step;
  }
}
