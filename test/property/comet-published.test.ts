// Values and verdicts that others published, for the light client in Solidity. Where what they published is outside the rules, one
// line of the contract is another for it, and says which.
// What others published lies outside the checkout: where it is not there it is skipped, and in CI that is a failure (shared-vectors.ts).
import { readdirSync, readFileSync } from "node:fs";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { beforeAll, describe, expect, test } from "vitest";
import type { Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData, parseAbi } from "viem/utils";
import { packCometUpdate } from "#adapters/evm/pack/comet-update.ts";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometHeader } from "#adapters/cosmos/verify/evidence.ts";
import { fromSeconds, ZERO_TIME } from "#adapters/cosmos/verify/time.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { ConsensusState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { replaceText } from "#scripts/analysis/source-tree.ts";
import { compileSolidity } from "#scripts/compile-solidity.ts";
import { toHex } from "#scripts/vectors/vector.ts";
import { consensusStateOf, makeMembers, makeUpdate } from "#test/support/comet-evidence.ts";
import { modelUpdate, singleStep } from "#test/support/comet-model.ts";
import { openInProcessEvm } from "#test/support/in-process-evm.ts";
import type { InProcessEvm } from "#test/support/in-process-evm.ts";
import { invalidModels, modelVerdict } from "#test/support/comet-model-verdicts.ts";
import { neededVotes } from "#adapters/cosmos/light-blocks/needed-votes.ts";
import { readSharedJson, sharedVector } from "#test/support/shared-vectors.ts";
import { createContract } from "#test/support/solidity-light-client.ts";
import { openSolidityComet } from "#test/support/solidity-comet.ts";

/** A source with one line that is another. */
const withLine =
  (file: string, from: string, to: string) =>
  (path: string, text: string): string =>
    path.endsWith(file) ? replaceText(text, { file, from, to }) : text;

/** The light client holds one header, so with it the whole of it is expired. One model has a set of nobody, which is against the form. */
const asAWhole: Readonly<Record<string, Reason>> = {
  "MC100_2_faulty_TestFailure.json": "CLIENT_EXPIRED",
  "MC10_3_faulty_TestFailure.json": "MALFORMED",
  "MC4_4_faulty_TestHeaderNotWithinTrustingPeriod.json": "CLIENT_EXPIRED",
};

const folder = sharedVector("tendermint/single_step");
const files = folder === undefined ? [] : readdirSync(folder);

describe.skipIf(folder === undefined)("single steps, by the models of tendermint-rs", async () => {
  // The models have no application: their hash of it is empty, which the packing cannot say.
  const lightClient = compileSolidity(
    "contracts/evm/light-clients/comet/CometLightClient.sol",
    withLine("HeaderHash.sol", "_node(_hashLeaf(p.appHash), _given(p, 3))", '_node(sha256(hex"00"), _given(p, 3))'),
  );
  const open = await openSolidityComet({ lightClient });
  const appHash = new Uint8Array(32).fill(1);
  const consensusState = (header: CometHeader): ConsensusState => consensusStateOf({ ...header, appHash });

  test.each(files)("%s", async (file) => {
    const { initial, input } = singleStep.parse(JSON.parse(readFileSync(`${folder}/${file}`, "utf8")));
    const trustLevel = { numerator: 1n, denominator: 3n };
    let trusted = consensusState(initial.signed_header.header);
    let trustedValidators = initial.next_validator_set;
    for (const { block, now, verdict } of input) {
      expect(now.nanos).toBe(0n);
      const state = encodeTrustedState({
        chainId: "test-chain",
        trustLevelNumerator: trustLevel.numerator,
        trustLevelDenominator: trustLevel.denominator,
        trustingPeriod: initial.trusting_period,
        unbondingPeriod: initial.trusting_period * 2n,
        maxClockDrift: fromSeconds(1n),
        frozen: false,
        consensusStates: [trusted],
      });
      const client = await open(state, now.seconds);
      const { header, commit, validators, trustedHeight } = modelUpdate(block, trusted.height, trustedValidators);
      const isAdjacent = header.height === trusted.height + 1n;
      const signatures = neededVotes({
        votes: commit.signatures,
        validators,
        trustedValidators: isAdjacent ? undefined : trustedValidators,
        trustLevel,
      });
      const setOf = (set: typeof validators) => ({ validators: set, proposer: set[0], totalVotingPower: 0n });
      const message = packCometUpdate(
        cometUpdate.encode({
          signedHeader: { header: { ...header, appHash }, commit: { ...commit, signatures } },
          validatorSet: setOf(validators),
          trustedHeight,
          trustedValidators: setOf(trustedValidators),
        }),
      );
      const answer = await client.update(message);
      const reason = "reason" in answer ? answer.reason : undefined;
      expect(modelVerdict(reason), `height ${header.height}: ${reason}`).toBe(verdict);
      if (verdict === "INVALID") expect(reason).toBe(asAWhole[file] ?? invalidModels[file]);
      if (verdict !== "SUCCESS") continue;
      trusted = consensusState(header);
      trustedValidators = block.next_validator_set;
    }
  });
});

interface Published {
  readonly vote_sign_bytes: {
    readonly vectors: readonly {
      readonly chain_id: string;
      readonly type: number;
      readonly height: number;
      readonly round: number;
      readonly hex: string;
    }[];
  };
  readonly header_hash: { readonly header: Record<string, string>; readonly hash: string };
}

const published = readSharedJson<Published>("tendermint/published.json");
/** What is skipped is described all the same. */
const NOTHING: Published = { vote_sign_bytes: { vectors: [] }, header_hash: { header: {}, hash: "" } };

describe.skipIf(published === undefined)("values that CometBFT's tests assert", () => {
  const { vote_sign_bytes: votes, header_hash: hashed } = published ?? NOTHING;
  const abi = parseAbi([
    "function headerHash(bytes message) view returns (bytes32)",
    "function batch(bytes message) view returns (bytes)",
  ]);
  let chain: InProcessEvm;
  let to: Hex;
  beforeAll(async () => {
    // The published header has an older block protocol, of which no header is taken.
    const code = compileSolidity(
      "test/contracts/light-clients/support/CometHarness.sol",
      withLine("HeaderHash.sol", "BLOCK_PROTOCOL = 11", "BLOCK_PROTOCOL = 1"),
    );
    chain = await openInProcessEvm();
    to = await createContract(chain, code);
  });
  const ask = async (functionName: "headerHash" | "batch", message: Uint8Array): Promise<string> => {
    const done = await chain.call(to, encodeFunctionData({ abi, functionName, args: [toHex(message)] }));
    if (done.exceptionError) throw new Error(done.exceptionError.error);
    return decodeFunctionResult({ abi, functionName, data: toHex(done.returnValue) }).slice(2);
  };
  const members = makeMembers("", [1n]);

  test("the hash of a header", async () => {
    const bytes = (name: string): Uint8Array => hexToBytes(hashed.header[name] ?? "");
    const zeros = new Uint8Array(32);
    const header = {
      version: { block: 11n, app: 2n },
      chainId: utf8ToBytes("chainId"),
      time: { seconds: BigInt(Date.UTC(2019, 9, 13, 16, 14, 44) / 1000), nanos: 0n },
      lastBlockId: { hash: zeros, partSetHeader: { total: 6n, hash: zeros } },
      lastCommitHash: bytes("last_commit_hash"),
      dataHash: bytes("data_hash"),
      validatorsHash: bytes("validators_hash"),
      nextValidatorsHash: bytes("next_validators_hash"),
      consensusHash: bytes("consensus_hash"),
      appHash: bytes("app_hash"),
      lastResultsHash: bytes("last_results_hash"),
      evidenceHash: bytes("evidence_hash"),
      proposerAddress: bytes("proposer_address"),
    };
    const update = makeUpdate({ height: 3n, trustedHeight: 1n, members, header });
    expect(await ask("headerHash", packCometUpdate(cometUpdate.encode(update)))).toBe(hashed.hash.toLowerCase());
  });

  // All votes here are precommits for a block of a chain with a name; those published are for no block, and most of another type.
  test.each(votes.vectors.filter(({ height }) => height === 1))(
    "the bytes of a vote of type $type on chain '$chain_id'",
    async ({ type, chain_id: chainId, height, round, hex }) => {
      const name = chainId === "" ? "causeway-1" : chainId;
      const update = makeUpdate({
        height: BigInt(height),
        round: BigInt(round),
        trustedHeight: 0n,
        members,
        header: { chainId: utf8ToBytes(name) },
        voteTime: () => ZERO_TIME,
      });
      const batch = await ask("batch", packCometUpdate(cometUpdate.encode(update)));
      const { hash } = update.signedHeader?.commit?.blockId ?? { hash: new Uint8Array() };
      const block = bytesToHex(concatBytes(hexToBytes("22480a20"), hash, hexToBytes("122408011220"), sha256(hash)));
      const named = bytesToHex(concatBytes(Uint8Array.of(0x32, name.length), utf8ToBytes(name)));
      // Without its length: 08 and the type, 11 and height, 19 and round, 2a and time, 32 and the chain's name.
      const body = hex.slice(2);
      const typed = type === 0 ? `0802${body}` : `0802${body.slice(4)}`;
      const before = typed.slice(0, 4 + 18 + 18);
      const whole = before + block + typed.slice(before.length) + (chainId === "" ? named : "");
      const size = whole.length / 2;
      const length = size > 0x7f ? [(size & 0x7f) | 0x80, size >> 7] : [size];
      expect(batch.slice(2 * (2 + 162))).toBe(bytesToHex(Uint8Array.from(length)) + whole);
    },
  );
});
