// What a validator signs for a block (CometBFT types/canonical.go, CanonicalVote).
import { concatBytes } from "@noble/hashes/utils.js";
import {
  bytesField,
  int64Field,
  lengthDelimited,
  messageField,
  sfixed64Field,
  stringField,
} from "#adapters/protocol/protobuf.ts";
import { blockId, timestamp } from "./evidence.ts";
import type { Commit, Timestamp } from "./evidence.ts";

/** SignedMsgType of a vote that a commit is made of. */
const PRECOMMIT = 2n;

/** Everything in a vote but its time, which is each validator's own. */
export interface VoteContent {
  readonly type: bigint;
  readonly height: bigint;
  readonly round: bigint;
  /** Undefined in a vote for nil. */
  readonly blockId: Commit["blockId"] | undefined;
  readonly chainId: string;
}

export const commitVote = ({ height, round, blockId }: Commit, chainId: string): VoteContent => ({
  type: PRECOMMIT,
  height,
  round,
  blockId,
  chainId,
});

/** A function of the vote's time: the rest is encoded once for all votes of a commit. */
export function signBytes(vote: VoteContent): (time: Timestamp) => Uint8Array {
  const before = concatBytes(
    int64Field(1, vote.type),
    sfixed64Field(2, vote.height),
    sfixed64Field(3, vote.round),
    vote.blockId === undefined ? new Uint8Array() : bytesField(4, blockId.encode(vote.blockId)),
  );
  const after = stringField(6, vote.chainId);
  return (time) => lengthDelimited(concatBytes(before, messageField(5, timestamp.encode(time)), after));
}
