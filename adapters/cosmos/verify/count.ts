// Which votes of a commit count, and whether they are enough (README.md, "The votes that count"; rules 17 to 20).
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Reason } from "#adapters/protocol/reason.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import type { Commit, Validator } from "./evidence.ts";
import { isForBlock } from "./form.ts";
import type { CometState } from "./trusted-state.ts";
import { totalPower } from "./validators.ts";

/** Power of a set, added up until it is more than a fraction of the whole. */
class Count {
  readonly #total: bigint;
  readonly #numerator: bigint;
  readonly #denominator: bigint;
  #power = 0n;

  constructor(validators: readonly Validator[], numerator: bigint, denominator: bigint) {
    this.#total = totalPower(validators);
    this.#numerator = numerator;
    this.#denominator = denominator;
  }

  get isEnough(): boolean {
    return this.#power * this.#denominator > this.#total * this.#numerator;
  }

  add(power: bigint): void {
    this.#power += power;
  }
}

interface Voters {
  readonly commit: Commit;
  readonly validators: readonly Validator[];
  /** Undefined for an adjacent header, whose validators are the trusted ones. */
  readonly trustedValidators: readonly Validator[] | undefined;
}

const powerByKey = (validators: readonly Validator[]): Map<string, bigint> =>
  // The first of a key counts.
  new Map(validators.toReversed().map(({ pubKey, votingPower }) => [bytesToHex(pubKey.value), votingPower]));

/** Undefined when all of the commit's votes are needed, and enough. */
export function brokenCount({ commit, validators, trustedValidators }: Voters, state: CometState): Reason | undefined {
  const count = new Count(validators, 2n, 3n);
  const trusted = trustedValidators ?? [];
  const trustedCount = new Count(trusted, state.trustLevelNumerator, state.trustLevelDenominator);
  const trustedPower = powerByKey(trusted);
  const counted = new Set<string>();
  let isOneTooMany = false;
  for (const [place, vote] of commit.signatures.entries()) {
    if (!isForBlock(vote)) continue;
    const voter = validators[place];
    if (voter === undefined || !equalBytes(vote.validatorAddress, voter.address)) return "INVALID_VOTE";
    let isNeeded = false;
    if (!count.isEnough) {
      count.add(voter.votingPower);
      isNeeded = true;
    }
    const key = bytesToHex(voter.pubKey.value);
    const power = trustedPower.get(key);
    if (power !== undefined && !trustedCount.isEnough) {
      if (counted.has(key)) return "INVALID_VOTE";
      counted.add(key);
      trustedCount.add(power);
      isNeeded = true;
    }
    if (!isNeeded) isOneTooMany = true;
  }
  if (trustedValidators !== undefined && !trustedCount.isEnough) return "INSUFFICIENT_TRUST";
  if (!count.isEnough) return "INSUFFICIENT_PARTICIPATION";
  return isOneTooMany ? "MALFORMED" : undefined;
}
