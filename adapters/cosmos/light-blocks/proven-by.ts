// Whether a light client itself would believe a block: its validators signed it, as one that skips from some height that it trusts.
import { fromHex } from "#adapters/protocol/bytes.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { CometUpdate, Validator } from "../verify/evidence.ts";
import { brokenHeaderRule } from "../verify/header-rules.ts";
import { fromSeconds } from "../verify/time.ts";
import type { CometState } from "../verify/trusted-state.ts";
import { readUpdate, trustedBy } from "../verify/update.ts";
import { canonicalUpdate } from "./canonical-update.ts";
import type { LightBlock, LightBlocks } from "./light-block.ts";

/**
 * The canonical update, as one header of a report has to be; undefined when no height below the block reaches it. `now`: Unix seconds on the
 * clock of the light client's host. Whether it contradicts what the light client holds does not matter.
 */
export async function provenBy(
  state: CometState,
  block: LightBlock,
  blocks: LightBlocks,
  now: bigint,
): Promise<CometUpdate | undefined> {
  for (const { height, nextValidatorsHash } of state.consensusStates.toReversed()) {
    if (height >= block.header.height) continue;
    const trustedValidators = await validatorsOf(blocks, height + 1n, fromHex(nextValidatorsHash));
    if (trustedValidators === undefined) continue;
    const update = canonicalUpdate({ block, trustedHeight: height, trustedValidators }, state);
    if (isBelieved(update, state, fromSeconds(now))) return update;
  }
  return undefined;
}

/** Undefined when the endpoint knows none with that hash: the light client may have been made to trust anything. */
async function validatorsOf(
  blocks: LightBlocks,
  height: bigint,
  hash: Uint8Array,
): Promise<readonly Validator[] | undefined> {
  try {
    return await blocks.validators(height, hash);
  } catch (error) {
    if (!isCausewayError(error) || error.code === "CANCELLED") throw error;
    return undefined;
  }
}

function isBelieved(value: CometUpdate, state: CometState, now: bigint): boolean {
  const active = { ...state, frozen: false };
  const update = readUpdate(value, active, now);
  if (typeof update === "string") return false;
  const trusted = trustedBy(update, active, now);
  return typeof trusted !== "string" && brokenHeaderRule(update, active, trusted, false) === undefined;
}
