// Whether a light block is what it says by itself: signed by more than two thirds of the validators that its header names.
import type { Reason } from "#adapters/protocol/reason.ts";
import { toHex } from "#adapters/protocol/bytes.ts";
import { hasKnownKeys, wellFormed } from "../verify/form.ts";
import { brokenHeaderRule } from "../verify/header-rules.ts";
import type { CometState } from "../verify/trusted-state.ts";
import { consensusStateOf } from "../verify/update.ts";
import { canonicalUpdate } from "./canonical-update.ts";
import type { LightBlock } from "./light-block.ts";

/** The first rule that it breaks; that its validators are the chain's own is another question. `state` says which chain it is about. */
export function brokenBlock(block: LightBlock, state: CometState): Reason | undefined {
  const { header, validators } = block;
  const step = { block, trustedHeight: header.height - 1n, trustedValidators: validators };
  const update = wellFormed(canonicalUpdate(step, state));
  if (update === undefined) return "MALFORMED";
  if (!hasKnownKeys(update)) return "UNKNOWN_KEY_TYPE";
  if (String.fromCharCode(...header.chainId) !== state.chainId) return "WRONG_CHAIN";
  const before = { ...consensusStateOf(update), nextValidatorsHash: toHex(header.validatorsHash) };
  return brokenHeaderRule(update, state, before, true);
}
