// How far the chain is with transactions of one account, by every endpoint: one that lags or lies must not decide alone.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { StoredTransaction } from "#adapters/transaction-store.ts";
import type { ChainContext } from "../context.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getHeight } from "../rpc/head.ts";
import { getTransaction } from "../rpc/transaction.ts";
import { readAccount } from "./account.ts";
import { hashOf } from "./broadcast.ts";
import { includedOf } from "./included.ts";
import type { Included } from "./included.ts";
import { decodeTransaction } from "./transaction.ts";

interface View {
  readonly height: bigint;
  readonly sequence: bigint;
  readonly included: readonly Included[];
}

export interface Progress {
  /** Of the furthest endpoint. */
  readonly height: bigint;
  /** The next sequence in committed state: what every endpoint that answers agrees is used up, and what the furthest one says. */
  readonly lowest: bigint;
  readonly highest: bigint;
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
  const account = await readAccount(endpoint, address, signal);
  const found = await Promise.all(transactions.map((each) => getTransaction(endpoint, hashOf(each), signal)));
  return {
    height,
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
    included: views.flatMap(({ included }) => included),
  };
}

/** No block after this one can include it. */
export const lastHeight = ({ raw }: StoredTransaction): bigint => decodeTransaction(raw).timeoutHeight;

/** Whether blocks to come can still include it. */
export const isLive = (transaction: StoredTransaction, { height, lowest }: Progress): boolean =>
  lastHeight(transaction) > height && transaction.nonce >= lowest;
