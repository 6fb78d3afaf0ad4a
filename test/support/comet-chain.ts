// An invented CometBFT chain as a node serves it: linked blocks, real signatures, a packet store with proofs. Unlike a real one it can be made to lie.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { LightBlock } from "#adapters/cosmos/light-blocks/light-block.ts";
import type { BlockId, CometHeader, CommitSig, Timestamp, Validator } from "#adapters/cosmos/verify/evidence.ts";
import { headerHash } from "#adapters/cosmos/verify/header-hash.ts";
import { merkleRoot } from "#adapters/cosmos/verify/merkle.ts";
import { CHAIN_ID, consensusStateOf, makeHeader, makeState, signAll, validatorsOf } from "./comet-evidence.ts";
import type { Member } from "./comet-evidence.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { CometAnswer, CometAnswers, Params } from "./comet-node.ts";
import { encodeProof, makeCosmosState } from "./cosmos-store.ts";
import type { CosmosState, Entry } from "./cosmos-store.ts";

export interface EventJson {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

export interface BlockContent {
  /** By their names, which are their bytes. */
  readonly transactions: readonly { readonly name: string; readonly code?: number; readonly events: EventJson[] }[];
  readonly events?: readonly EventJson[];
}

export interface CometChainOptions {
  readonly height: bigint;
  readonly membersAt: (height: bigint) => readonly Member[];
  /** What the packet store holds, at every height. */
  readonly entries?: readonly Entry[];
  readonly contentAt?: (height: bigint) => BlockContent | undefined;
  /** Over what the header of a height has otherwise: another chain, of the same validators. */
  readonly headerAt?: (height: bigint) => Partial<CometHeader>;
  /** The first block that is kept. */
  readonly lowest?: bigint;
}

export interface CometChain {
  readonly answers: CometAnswers;
  block(height: bigint): LightBlock;
  /** A light client that trusts these heights. */
  trusting(...heights: readonly bigint[]): CometState;
}

const hex = (bytes: Uint8Array): string => bytesToHex(bytes).toUpperCase();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

function rfc3339({ seconds, nanos }: Timestamp): string {
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}.${nanos.toString().padStart(9, "0")}Z`;
}

const blockIdJson = ({ hash, partSetHeader }: BlockId) => ({
  hash: hex(hash),
  parts: { total: Number(partSetHeader.total), hash: hex(partSetHeader.hash) },
});

const headerJson = (header: CometHeader) => ({
  version: { block: header.version.block.toString(), app: header.version.app.toString() },
  chain_id: Buffer.from(header.chainId).toString(),
  height: header.height.toString(),
  time: rfc3339(header.time),
  last_block_id: blockIdJson(header.lastBlockId),
  last_commit_hash: hex(header.lastCommitHash),
  data_hash: hex(header.dataHash),
  validators_hash: hex(header.validatorsHash),
  next_validators_hash: hex(header.nextValidatorsHash),
  consensus_hash: hex(header.consensusHash),
  app_hash: hex(header.appHash),
  last_results_hash: hex(header.lastResultsHash),
  evidence_hash: hex(header.evidenceHash),
  proposer_address: hex(header.proposerAddress),
});

const voteJson = (vote: CommitSig) => ({
  block_id_flag: Number(vote.blockIdFlag),
  validator_address: hex(vote.validatorAddress),
  timestamp: rfc3339(vote.timestamp),
  signature: base64(vote.signature),
});

const validatorJson = ({ address, pubKey, votingPower }: Validator) => ({
  address: hex(address),
  pub_key: { type: "tendermint/PubKeyEd25519", value: base64(pubKey.value) },
  voting_power: votingPower.toString(),
  proposer_priority: "-7",
});

const idOf = (hash: Uint8Array): BlockId => ({ hash, partSetHeader: { total: 1n, hash: sha256(hash) } });

const transactionsOf = (content: BlockContent | undefined): Uint8Array[] =>
  (content?.transactions ?? []).map(({ name }) => utf8ToBytes(name));

function makeHeaders(options: CometChainOptions, { appHash }: CosmosState): CometHeader[] {
  const headers: CometHeader[] = [];
  for (let height = 1n; height <= options.height; height += 1n) {
    const previous = headers.at(-1);
    const dataHash = merkleRoot(transactionsOf(options.contentAt?.(height)).map((bytes) => sha256(bytes)));
    const members = options.membersAt(height);
    const nextMembers = options.membersAt(height + 1n);
    const linked = previous === undefined ? {} : { lastBlockId: idOf(headerHash(previous)) };
    const header = { dataHash, ...linked, ...options.headerAt?.(height) };
    headers.push(makeHeader({ height, members, nextMembers, appHash, header }));
  }
  return headers;
}

export function makeCometChain(options: CometChainOptions): CometChain {
  const { height: head, membersAt, contentAt, lowest = 1n } = options;
  const state = makeCosmosState(options.entries ?? [{ key: utf8ToBytes("nothing"), value: utf8ToBytes("else") }]);
  const headers = makeHeaders(options, state);
  const headerAt = (height: bigint): CometHeader => {
    const header = headers[Number(height) - 1];
    if (header === undefined) throw new RangeError(`there is no block ${height}`);
    return header;
  };

  const signed = new Map<bigint, LightBlock>();
  const block = (height: bigint): LightBlock => {
    const known = signed.get(height) ?? sign(height);
    signed.set(height, known);
    return known;
  };
  const sign = (height: bigint): LightBlock => {
    const header = headerAt(height);
    const members = membersAt(height);
    const signatures = members.map(({ validator }, place): CommitSig => ({
      blockIdFlag: 2n,
      validatorAddress: validator.address,
      timestamp: { ...header.time, nanos: 900_000_000n + BigInt(place) },
      signature: new Uint8Array(64),
    }));
    const commit = { height, round: 0n, blockId: idOf(headerHash(header)), signatures };
    return { header, commit: signAll(commit, members), validators: validatorsOf(members) };
  };

  /** `ahead`: by how much the answer may be above the newest block. */
  const at = (params: Params, answer: (height: bigint) => object, ahead = 0n): CometAnswer => {
    const height = BigInt(params["height"] ?? head);
    if (height > head + ahead)
      return { error: `height ${height} must be less than or equal to the current blockchain height ${head}` };
    if (height < lowest) return { error: `height ${height} is not available, lowest height is ${lowest}` };
    return { result: answer(height) };
  };

  const answers: CometAnswers = {
    status: () => ({
      result: { node_info: { network: CHAIN_ID }, sync_info: { earliest_block_height: lowest.toString() } },
    }),
    abci_info: () => ({ result: { response: { last_block_height: head.toString() } } }),
    commit: (params) =>
      at(params, (height) => {
        const { header, commit } = block(height);
        const { blockId, round, signatures } = commit;
        const json = { height: `${height}`, round: Number(round), block_id: blockIdJson(blockId) };
        const signed = { header: headerJson(header), commit: { ...json, signatures: signatures.map(voteJson) } };
        return { canonical: true, signed_header: signed };
      }),
    validators: (params) =>
      at(
        params,
        (height) => {
          const all = membersAt(height).map(({ validator }) => validatorJson(validator));
          const page = all.slice((Number(params["page"]) - 1) * 100, Number(params["page"]) * 100);
          return { block_height: `${height}`, validators: page, count: `${page.length}`, total: `${all.length}` };
        },
        1n,
      ),
    blockchain: ({ minHeight = "1", maxHeight = "1" }) => {
      const [from, to] = [BigInt(minHeight) < lowest ? lowest : BigInt(minHeight), BigInt(maxHeight)];
      if (from > to) return { error: `min height ${from} can't be greater than max height ${to}` };
      const found = headers.slice(Number(from) - 1, Number(to)).toReversed();
      const metas = found.map((header) => ({
        block_id: blockIdJson(idOf(headerHash(header))),
        block_size: "100",
        header: headerJson(header),
        num_txs: "0",
      }));
      return { result: { last_height: `${head}`, block_metas: metas } };
    },
    block: (params) =>
      at(params, (height) => {
        const header = headerAt(height);
        const txs = transactionsOf(contentAt?.(height)).map(base64);
        const lastCommit = { height: "0", round: 0, block_id: { hash: "", parts: { total: 0, hash: "" } } };
        const json = { header: headerJson(header), data: { txs }, evidence: { evidence: [] } };
        return { block_id: blockIdJson(idOf(headerHash(header))), block: { ...json, last_commit: lastCommit } };
      }),
    block_results: (params) =>
      at(params, (height) => {
        const content = contentAt?.(height);
        const results = content?.transactions.map(({ code = 0, events }) => ({ code, events }));
        return { height: `${height}`, txs_results: results ?? null, finalize_block_events: content?.events ?? null };
      }),
    abci_query: ({ path, data = "", height = "0" }) => {
      if (path !== "store/ibc/key") return { result: { response: { code: 6, codespace: "sdk", log: "unknown path" } } };
      if (BigInt(height) < lowest) return { result: { response: { log: "version does not exist", height } } };
      const key = Uint8Array.from(Buffer.from(data, "hex"));
      const proof = state.store.prove(key);
      const ops = [
        { type: "ics23:iavl", key: base64(key), data: base64(encodeProof(proof)) },
        { type: "ics23:simple", key: base64(utf8ToBytes("ibc")), data: base64(encodeProof(state.rootProof)) },
      ];
      const value = base64(proof.exist?.value ?? new Uint8Array());
      return { result: { response: { code: 0, height, value, proofOps: { ops } } } };
    },
  };

  return {
    answers,
    block,
    trusting: (...heights) => ({
      ...makeState([]),
      consensusStates: heights.map((height) => consensusStateOf(headerAt(height))),
    }),
  };
}
