// Updates in packings that no packer makes, and why the light client refuses each.
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { packCometUpdate } from "#adapters/evm/pack/comet-update.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { GENESIS_SECONDS, makeMembers, makeState, makeUpdate } from "./comet-evidence.ts";

const members = makeMembers("", [40n, 25n, 20n, 10n, 5n]);
const successors = makeMembers("", [40n, 25n]).concat(makeMembers("new", [30n, 20n]));

export const packingsNow = GENESIS_SECONDS + 700n;
export const packingsTrusted = encodeTrustedState(makeState([{ height: 100n, members }]));

const pack = (options: Parameters<typeof makeUpdate>[0]): Uint8Array =>
  packCometUpdate(cometUpdate.encode(makeUpdate(options)));

/** In order: by the validators that are trusted, and by others of whom two are. */
export const same = pack({ height: 120n, members, trustedHeight: 100n });
export const other = pack({ height: 120n, members: successors, trustedMembers: members, trustedHeight: 100n });

export function alter(message: Uint8Array, at: number, ...bytes: readonly number[]): Uint8Array {
  const altered = Uint8Array.from(message);
  altered.set(bytes, at);
  return altered;
}

const FIXED_SIZE = 379;
const CHAIN_ID_SIZE = 10;
const VOTE_SIZE = 144;
const votesFrom = (validators: number): number => FIXED_SIZE + CHAIN_ID_SIZE + 40 * validators;
const ofSame = votesFrom(members.length);
const ofOther = votesFrom(successors.length + members.length);

const cut = (size: number): Uint8Array => same.slice(0, size);

export const oddPackings: readonly (readonly [what: string, message: Uint8Array, reason: Reason])[] = [
  ["nothing", cut(0), "MALFORMED"],
  ["a byte", cut(1), "MALFORMED"],
  ["all but a byte of what has a fixed place", cut(FIXED_SIZE - 1), "MALFORMED"],
  ["only what has a fixed place", cut(FIXED_SIZE), "MALFORMED"],
  ["a byte less", cut(same.length - 1), "MALFORMED"],
  ["a vote less", cut(same.length - VOTE_SIZE), "MALFORMED"],
  ["a byte more", alter(new Uint8Array(same.length + 1), 0, ...same), "MALFORMED"],
  ["a second vote in the first one's place", alter(same, ofSame + VOTE_SIZE, 0, 0), "MALFORMED"],
  ["a first vote in the second one's place", alter(same, ofSame, 0, 1), "MALFORMED"],
  ["a vote of the one after the last", alter(same, ofSame + VOTE_SIZE, 0, 5), "MALFORMED"],
  ["the last vote of the one after the last", alter(same, ofSame + 2 * VOTE_SIZE, 0, 5), "MALFORMED"],
  ["a vote of nobody", alter(same, ofSame + VOTE_SIZE, 0, 9), "MALFORMED"],
  ["a place among trusted validators that are not there", alter(same, ofSame + 2, 0, 1), "MALFORMED"],
  ["a place behind the trusted validators", alter(other, ofOther + 2, 0, 6), "MALFORMED"],
  ["another's place among the trusted validators", alter(other, ofOther + 2, 0, 3), "MALFORMED"],
  ["another's place, who votes, too", alter(other, ofOther + 2, 0, 2), "INVALID_VOTE"],
  ["a trusted validator's vote that does not say so", alter(other, ofOther + 2, 0, 0), "INSUFFICIENT_TRUST"],
  ["a vote from before all years", alter(same, ofSame + 4, 0x80), "MALFORMED"],
  ["a vote of a thousand million nanoseconds", alter(same, ofSame + 12, 0x3b, 0x9a, 0xca, 0), "MALFORMED"],
  ["another x of a key", alter(same, ofSame + 80, 0), "INVALID_SIGNATURE"],
  ["another x of an R", alter(same, ofSame + 112, 0), "INVALID_SIGNATURE"],
  ["the id of another chain", alter(same, FIXED_SIZE, 0x64), "WRONG_CHAIN"],
  ["an id that cannot be printed", alter(same, FIXED_SIZE, 0x07), "MALFORMED"],
  ["an id that ends behind what can be printed", alter(same, FIXED_SIZE, 0x7f), "MALFORMED"],
];
