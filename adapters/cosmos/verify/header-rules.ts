// The rules that a header's own evidence must satisfy, from validator sets to signatures (README.md, "One update", rules 13 to 21).
import type { Reason } from "#adapters/protocol/reason.ts";
import { equalBytes, fromHex } from "#adapters/protocol/bytes.ts";
import { brokenCount } from "./count.ts";
import { isForBlock } from "./form.ts";
import type { Update } from "./form.ts";
import { headerHash } from "./header-hash.ts";
import { areValidSignatures } from "./signature.ts";
import type { CometState, ConsensusState } from "./trusted-state.ts";
import { validatorsHash } from "./validators.ts";
import { commitVote, signBytes } from "./vote.ts";

function haveSigned({ commit, validators }: Update, chainId: string): boolean {
  const messageAt = signBytes(commitVote(commit, chainId));
  const signed = commit.signatures.flatMap((vote, place) => {
    const key = validators[place]?.pubKey.value;
    if (!isForBlock(vote) || key === undefined) return [];
    return [{ key, message: messageAt(vote.timestamp), signature: vote.signature }];
  });
  return areValidSignatures(signed);
}

/** `isAdjacent`: the trusted header itself named the validators, by their hash. */
export function brokenHeaderRule(
  update: Update,
  state: CometState,
  trusted: ConsensusState,
  isAdjacent: boolean,
): Reason | undefined {
  const { header, commit, validators, trustedValidators } = update;
  const named = fromHex(trusted.nextValidatorsHash);
  if (!equalBytes(validatorsHash(trustedValidators), named)) return "UNTRUSTED_VALIDATORS";
  if (!equalBytes(validatorsHash(validators), header.validatorsHash)) return "INVALID_VALIDATORS";
  if (isAdjacent && !equalBytes(header.validatorsHash, named)) return "UNTRUSTED_VALIDATORS";
  if (!equalBytes(headerHash(header), commit.blockId.hash)) return "INVALID_HEADER_HASH";
  const voters = { commit, validators, trustedValidators: isAdjacent ? undefined : trustedValidators };
  return brokenCount(voters, state) ?? (haveSigned(update, state.chainId) ? undefined : "INVALID_SIGNATURE");
}
