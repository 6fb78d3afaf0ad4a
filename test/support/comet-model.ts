// Light blocks of tendermint-rs' model-based tests, as JSON has them and as our own types.
import { hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { compareBytes } from "#adapters/cosmos/verify/compare-bytes.ts";
import type { Update } from "#adapters/cosmos/verify/form.ts";
import type { CommitSig, Timestamp, Validator } from "#adapters/cosmos/verify/evidence.ts";
import { ZERO_TIME } from "#adapters/cosmos/verify/time.ts";

const hex = z.string().transform((text) => hexToBytes(text));
const integer = z.union([z.string(), z.number()]).transform(BigInt);
const base64 = z.base64().transform((text) => Uint8Array.from(Buffer.from(text, "base64")));

/** RFC 3339 with up to nine digits after the second. */
const time = z.iso.datetime({ precision: null }).transform((text): Timestamp => {
  const [, whole = "", fraction = ""] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(text) ?? [];
  return { seconds: BigInt(Date.parse(`${whole}Z`) / 1000), nanos: BigInt(fraction.padEnd(9, "0")) };
});

const EMPTY = new Uint8Array();
const blockId = z
  .object({ hash: hex, part_set_header: z.object({ total: integer, hash: hex }) })
  .nullable()
  .transform((id) => ({
    hash: id?.hash ?? EMPTY,
    partSetHeader: { total: id?.part_set_header.total ?? 0n, hash: id?.part_set_header.hash ?? EMPTY },
  }));

const header = z
  .object({
    version: z.object({ block: integer, app: integer }),
    chain_id: z.string(),
    height: integer,
    time,
    last_block_id: blockId,
    last_commit_hash: hex,
    data_hash: hex,
    validators_hash: hex,
    next_validators_hash: hex,
    consensus_hash: hex,
    app_hash: hex,
    last_results_hash: hex,
    evidence_hash: hex,
    proposer_address: hex,
  })
  .transform((value) => ({
    version: value.version,
    chainId: utf8ToBytes(value.chain_id),
    height: value.height,
    time: value.time,
    lastBlockId: value.last_block_id,
    lastCommitHash: value.last_commit_hash,
    dataHash: value.data_hash,
    validatorsHash: value.validators_hash,
    nextValidatorsHash: value.next_validators_hash,
    consensusHash: value.consensus_hash,
    appHash: value.app_hash,
    lastResultsHash: value.last_results_hash,
    evidenceHash: value.evidence_hash,
    proposerAddress: value.proposer_address,
  }));

const commitSig = z
  .object({
    block_id_flag: integer,
    validator_address: hex.nullish(),
    timestamp: time.nullish(),
    signature: base64.nullish(),
  })
  .transform((vote): CommitSig => ({
    blockIdFlag: vote.block_id_flag,
    validatorAddress: vote.validator_address ?? EMPTY,
    timestamp: vote.timestamp ?? ZERO_TIME,
    signature: vote.signature ?? EMPTY,
  }));

const commit = z
  .object({ height: integer, round: integer, block_id: blockId, signatures: z.array(commitSig).nullable() })
  .transform((value) => ({
    height: value.height,
    round: value.round,
    blockId: value.block_id,
    signatures: value.signatures ?? [],
  }));

const byPower = (left: Validator, right: Validator): number =>
  left.votingPower === right.votingPower
    ? compareBytes(left.address, right.address)
    : left.votingPower > right.votingPower
      ? -1
      : 1;

/** In CometBFT's order, which the files are not in. Null is a set of nobody. */
const validatorSet = z
  .object({
    validators: z
      .array(
        z.object({
          address: hex,
          pub_key: z.object({ type: z.literal("tendermint/PubKeyEd25519"), value: base64 }),
          voting_power: integer,
        }),
      )
      .nullable(),
  })
  .nullable()
  .transform((set) =>
    (set?.validators ?? [])
      .map((one): Validator => ({
        address: one.address,
        pubKey: { number: 1, value: one.pub_key.value },
        votingPower: one.voting_power,
        proposerPriority: 0n,
      }))
      .toSorted(byPower),
  );

const signedHeader = z.object({ header, commit });

export const singleStep = z.object({
  initial: z.object({ signed_header: signedHeader, next_validator_set: validatorSet, trusting_period: integer }),
  input: z.array(
    z.object({
      block: z.object({ signed_header: signedHeader, validator_set: validatorSet, next_validator_set: validatorSet }),
      now: time,
      verdict: z.enum(["SUCCESS", "NOT_ENOUGH_TRUST", "INVALID"]),
    }),
  ),
});

export type ModelBlock = z.output<typeof singleStep>["input"][number]["block"];

/** As CometBFT orders a commit: the vote of each validator in its place. */
export function modelUpdate(block: ModelBlock, trustedHeight: bigint, trustedValidators: readonly Validator[]): Update {
  const { header, commit } = block.signed_header;
  const votes = new Map(commit.signatures.map((vote) => [String(vote.validatorAddress), vote]));
  const absent = { blockIdFlag: 1n, validatorAddress: EMPTY, timestamp: ZERO_TIME, signature: EMPTY };
  return {
    header,
    commit: { ...commit, signatures: block.validator_set.map(({ address }) => votes.get(String(address)) ?? absent) },
    validators: block.validator_set,
    trustedHeight: { revisionNumber: 0n, revisionHeight: trustedHeight },
    trustedValidators,
  };
}
