// A chain of one account, as far as whoever sends transactions sees it: blocks with each look at its height, a mempool in order of sequence,
// and a test's hand on both. What real chains do is tested with real ones; this one does what they rarely do.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { QueryAccountInfoResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { QueryBalanceResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";
import { AuthInfo, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { merkleRoot } from "#adapters/cosmos/verify/merkle.ts";
import { decodeTransaction } from "#adapters/cosmos/submit/transaction.ts";
import { startCometNode } from "./comet-node.ts";
import type { CometAnswer, CometNode, Params } from "./comet-node.ts";

export interface Outcome {
  readonly code: number;
  readonly codespace?: string;
  readonly log?: string;
}

export interface Arrived {
  readonly id: string;
  readonly raw: Uint8Array;
  readonly sequence: bigint;
  readonly gas: bigint;
  readonly fee: bigint;
  readonly timeoutHeight: bigint;
}

export interface AccountNode {
  readonly node: CometNode;
  /** Everything that was broadcast, again and again included. */
  readonly arrived: readonly Arrived[];
  /** In blocks, in order. */
  readonly included: readonly Arrived[];
  height: bigint;
  /** The account's next one, in the state of the newest block. */
  sequence: bigint;
  /** As the chain writes it; undefined when the chain does not know the account. */
  balance: string | undefined;
  isIncluding: boolean;
  /** Time passes quickly: 5 by itself. With 0 nothing ever becomes void. */
  blocksPerLook: bigint;
  /** What the node's check says; by itself it wants the next sequence. */
  check: ((transaction: Arrived) => Outcome | undefined) | undefined;
  /** What becomes of a transaction in its block; carried out by itself. */
  execute: ((transaction: Arrived) => Outcome) | undefined;
  /** As a look at the height does. */
  makeBlock(): void;
  /** Drops what waits. */
  forget(): void;
}

function read(raw: Uint8Array): Arrived {
  const { gas, fee, timeoutHeight } = decodeTransaction(raw);
  const [signer] = AuthInfo.decode(TxRaw.decode(raw).authInfoBytes).signerInfos;
  return {
    id: bytesToHex(sha256(raw)).toUpperCase(),
    raw,
    sequence: signer?.sequence ?? 0n,
    gas,
    fee,
    timeoutHeight,
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const value = (bytes: Uint8Array): CometAnswer => ({ result: { response: { value: base64(bytes) } } });
const NOT_FOUND: CometAnswer = {
  result: { response: { code: 22, codespace: "sdk", log: "not found: key not found" } },
};

export async function startAccountNode(chainId = "simd-1"): Promise<AccountNode> {
  const arrived: Arrived[] = [];
  const waiting: Arrived[] = [];
  const included: Arrived[] = [];
  const results = new Map<string, { readonly height: bigint; readonly outcome: Outcome }>();

  const makeBlock = (): void => {
    state.height += state.blocksPerLook;
    if (!state.isIncluding) return;
    for (const transaction of waiting.splice(0)) {
      if (transaction.timeoutHeight < state.height) continue;
      const outcome =
        transaction.sequence === state.sequence
          ? (state.execute?.(transaction) ?? { code: 0 })
          : { code: 32, codespace: "sdk", log: `account sequence mismatch, expected ${state.sequence}` };
      if (transaction.sequence === state.sequence && outcome.code !== 32) state.sequence += 1n;
      results.set(transaction.id, { height: state.height, outcome });
      included.push(transaction);
    }
  };

  const checked = (transaction: Arrived): Outcome => {
    const own = state.check?.(transaction);
    if (own !== undefined) return own;
    if (waiting.some(({ id }) => id === transaction.id) || results.has(transaction.id))
      return { code: 19, codespace: "sdk", log: "tx already in mempool" };
    const expected = state.sequence + BigInt(waiting.length);
    if (transaction.sequence === expected) return { code: 0 };
    const log = `account sequence mismatch, expected ${expected}, got ${transaction.sequence}: incorrect account sequence`;
    return { code: 32, codespace: "sdk", log };
  };

  const query = ({ path }: Params): CometAnswer => {
    if (path === "/cosmos.auth.v1beta1.Query/AccountInfo" && state.balance !== undefined) {
      const info = { address: "", accountNumber: 7n, sequence: state.sequence };
      return value(QueryAccountInfoResponse.encode({ info }).finish());
    }
    if (path === "/cosmos.bank.v1beta1.Query/Balance" && state.balance !== undefined)
      return value(QueryBalanceResponse.encode({ balance: { denom: "stake", amount: state.balance } }).finish());
    return path?.startsWith("/cosmos.base.node") === true
      ? { result: { response: { code: 6, codespace: "sdk", log: "unknown query path" } } }
      : NOT_FOUND;
  };

  const broadcast = ({ tx = "" }: Params): CometAnswer => {
    const transaction = read(new Uint8Array(Buffer.from(tx, "base64")));
    arrived.push(transaction);
    const outcome = checked(transaction);
    if (outcome.code === 0) waiting.push(transaction);
    return { result: { log: "", codespace: "", ...outcome, hash: transaction.id } };
  };

  const find = ({ hash = "" }: Params): CometAnswer => {
    const id = Buffer.from(hash, "base64").toString("hex").toUpperCase();
    const [found, result] = [included.find((each) => each.id === id), results.get(id)];
    if (found === undefined || result === undefined) return { error: `tx (${id}) not found` };
    const tx_result = { log: "", codespace: "", ...result.outcome, events: [], gas_wanted: "1", gas_used: "1" };
    return { result: { hash: id, height: String(result.height), index: 0, tx: base64(found.raw), tx_result } };
  };

  const at = (height: string): readonly Arrived[] =>
    included.filter(({ id }) => String(results.get(id)?.height) === height);

  const block = ({ height = "" }: Params): CometAnswer => {
    const data_hash = bytesToHex(merkleRoot(at(height).map(({ raw }) => sha256(raw))));
    return {
      result: { block: { header: { height, data_hash }, data: { txs: at(height).map(({ raw }) => base64(raw)) } } },
    };
  };

  const blockResults = ({ height = "" }: Params): CometAnswer => {
    const txs_results = at(height).map(({ id }) => ({ ...results.get(id)?.outcome, gas_used: "1" }));
    return { result: { height, txs_results } };
  };

  const state: AccountNode = {
    node: await startCometNode(chainId, {
      abci_info: () => {
        makeBlock();
        return { result: { response: { last_block_height: String(state.height) } } };
      },
      abci_query: query,
      broadcast_tx_sync: broadcast,
      block,
      block_results: blockResults,
      tx: find,
    }),
    arrived,
    included,
    height: 100n,
    sequence: 4n,
    balance: "1000000000",
    isIncluding: true,
    blocksPerLook: 5n,
    check: undefined,
    execute: undefined,
    makeBlock,
    forget: () => void waiting.splice(0),
  };
  return state;
}
