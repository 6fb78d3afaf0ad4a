// How far the chain is with transactions of one account, by every endpoint: one that lags or lies must not decide alone.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { StoredTransaction } from "#adapters/transaction-store.ts";
import { unlessCancelled } from "../../pause.ts";
import type { ChainContext } from "../context.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getHeight } from "../rpc/head.ts";
import { getTransaction } from "../rpc/transaction.ts";
import { readAccount } from "./account.ts";
import type { Account } from "./account.ts";
import { hashOf } from "./broadcast.ts";
import { includedAt, includedOf } from "./included.ts";
import type { Included } from "./included.ts";
import { decodeTransaction } from "./transaction.ts";

interface View {
  readonly height: bigint;
  readonly account: Account | undefined;
  readonly sequence: bigint;
  readonly included: readonly Included[];
}

export interface Progress {
  /** Of the furthest endpoint. */
  readonly height: bigint;
  /** The next sequence in committed state: what every endpoint that answers agrees is used up, and what the furthest one says. */
  readonly lowest: bigint;
  readonly highest: bigint;
  /** Undefined when no endpoint knows the account: it never received anything. */
  readonly accountNumber: bigint | undefined;
  /** Of the transactions asked about. */
  readonly included: readonly Included[];
}

async function viewOf(
  endpoint: CometEndpoint,
  address: string,
  transactions: readonly StoredTransaction[],
  signal?: AbortSignal,
): Promise<View> {
  // First how far it is: what is not found then is in no block up to there.
  const height = await getHeight(endpoint, signal);
  const [account, ...found] = await Promise.all([
    readAccount(endpoint, address, signal),
    ...transactions.map((each) => getTransaction(endpoint, hashOf(each), signal)),
  ]);
  return {
    height,
    account,
    sequence: account?.sequence ?? 0n,
    included: found.filter((each) => each !== undefined).map(includedOf),
  };
}

const max = (left: bigint, right: bigint): bigint => (left > right ? left : right);
const min = (left: bigint, right: bigint): bigint => (left < right ? left : right);

/** Throws an endpoint's failure when none answers. */
export async function readProgress(
  { endpoints }: ChainContext,
  address: string,
  transactions: readonly StoredTransaction[],
  signal?: AbortSignal,
): Promise<Progress> {
  const answers = await Promise.allSettled(
    endpoints.endpoints.map((endpoint) => viewOf(endpoint, address, transactions, signal)),
  );
  const views = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const [first] = views;
  if (first === undefined) {
    const failure = answers.find((answer) => answer.status === "rejected")?.reason as unknown;
    throw isCausewayError(failure)
      ? failure
      : new CausewayError("RPC_UNREACHABLE", "no endpoint says the signer's sequence", { cause: failure });
  }
  return {
    height: views.reduce((highest, view) => max(highest, view.height), 0n),
    lowest: views.reduce((lowest, view) => min(lowest, view.sequence), first.sequence),
    highest: views.reduce((highest, view) => max(highest, view.sequence), 0n),
    accountNumber: views.find(({ account }) => account !== undefined)?.account?.accountNumber,
    included: views.flatMap(({ included }) => included),
  };
}

/**
 * The same for one transaction's inclusion alone, for as little as that takes while nothing happened: the first endpoint's word, from its newest
 * blocks. Undefined when they do not show it.
 */
export async function findInNewBlocks(
  { endpoints, blocks }: ChainContext,
  address: string,
  transactions: readonly StoredTransaction[],
  signal: AbortSignal,
): Promise<Included | undefined> {
  return endpoints.use(async (endpoint) => {
    const sequence = (await readAccount(endpoint, address, signal))?.sequence ?? 0n;
    if (transactions.every(({ nonce }) => nonce >= sequence)) return undefined;
    const height = await getHeight(endpoint, signal);
    for (let at = height; at > height - NEWEST_BLOCKS && at > 0n; at -= 1n) {
      const ids = await unlessCancelled(blocks.transactionIds(endpoint, at), signal);
      const found = transactions.find(({ id }) => ids.includes(id));
      if (found === undefined) continue;
      const results = await unlessCancelled(blocks.results(endpoint, at), signal);
      const result = results.transactions[ids.indexOf(found.id)];
      if (result === undefined) throw unfinished(endpoint, at);
      return includedAt(found, at, result);
    }
    return undefined;
  });
}

/** Looks are taken with every block; one may come late. */
const NEWEST_BLOCKS = 3n;

const unfinished = ({ name }: CometEndpoint, height: bigint): CausewayError =>
  new CausewayError("RPC_BAD_ANSWER", `${name} has results of fewer transactions than block ${height}`, {
    context: { endpoint: name, height },
  });

/** No block after this one can include it. */
export const lastHeight = ({ raw }: StoredTransaction): bigint => decodeTransaction(raw).timeoutHeight;

/** Whether blocks to come can still include it. */
export const isLive = (transaction: StoredTransaction, { height, lowest }: Progress): boolean =>
  lastHeight(transaction) > height && transaction.nonce >= lowest;
