// Allocates nonces in the stored lane: record first, broadcast second, and agree with the chain about what is used up.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { NonceLane, StoredTransaction } from "#adapters/transaction-store.ts";
import type { ChainContext } from "../context.ts";
import { quantity, toHex } from "../rpc/hex.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";
import { getReceipts } from "./receipt.ts";

interface ChainNonces {
  /** What every endpoint that answers agrees is used up. */
  readonly lowest: bigint;
  /** What the furthest endpoint says. */
  readonly highest: bigint;
}

/** The next nonce in included blocks, by every endpoint: one that lags or lies must not decide alone. */
export async function chainNonces({ execution }: ChainContext, address: string): Promise<ChainNonces> {
  const call = { method: "eth_getTransactionCount", params: [address, "latest"] };
  const answers = await Promise.allSettled(execution.endpoints.map((endpoint) => endpoint.call(call, quantity)));
  const nonces = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const [first] = nonces;
  if (first === undefined) {
    const failure = answers.find((answer) => answer.status === "rejected")?.reason as unknown;
    throw isCausewayError(failure)
      ? failure
      : new CausewayError("RPC_UNREACHABLE", "no endpoint says the signer's nonce", { cause: failure });
  }
  return nonces.reduce(
    ({ lowest, highest }, nonce) => ({
      lowest: nonce < lowest ? nonce : lowest,
      highest: nonce > highest ? nonce : highest,
    }),
    { lowest: first, highest: first },
  );
}

/** Settles stored transactions whose nonce is used up, by them or by somebody else with the same key. */
export async function settleUsed(context: ChainContext, lane: NonceLane, address: string): Promise<void> {
  const unsettled = await lane.unsettled();
  if (unsettled.length === 0) return;
  const { lowest } = await chainNonces(context, address);
  const used = unsettled.filter(({ nonce }) => nonce < lowest);
  if (used.length === 0) return;
  const receipts = await context.execution.use((endpoint) =>
    getReceipts(
      endpoint,
      used.map(({ id }) => id),
    ),
  );
  const included = new Set<string>(receipts.map(({ transactionHash }) => transactionHash));
  for (const nonce of new Set(used.map((transaction) => transaction.nonce))) {
    const ours = used.find((transaction) => transaction.nonce === nonce && included.has(transaction.id));
    await lane.settle(nonce, ours?.id);
  }
}

/** The nonce for a new transaction, with the stored lane brought in line with the chain where they differ. */
export async function allocateNonce(context: ChainContext, lane: NonceLane, address: string): Promise<bigint> {
  await settleUsed(context, lane, address);
  const [stored, { lowest, highest }] = await Promise.all([lane.nextNonce(), chainNonces(context, address)]);
  if (stored === undefined) return highest;
  const isForeignUse = lowest > stored;
  // Nothing of ours waits, yet the chain is behind the store: included transactions were lost in a re-organisation.
  const isLost = highest < stored && (await lane.unsettled()).length === 0;
  if (!isForeignUse && !isLost) return stored;
  const next = isForeignUse ? lowest : highest;
  context.dependencies.logger.warn(
    { chainId: context.config.chainId, signer: address, stored, chain: next },
    isForeignUse ? "the signer's key was used by somebody else" : "the signer's included transactions disappeared",
  );
  await lane.reset(next);
  return next;
}

const broadcastCall = ({ raw }: StoredTransaction) => ({ method: "eth_sendRawTransaction", params: [toHex(raw)] });

/** Hands the transaction to endpoints until one takes it; a refusal is not believed, the chain's state tells later. */
export async function broadcast({ execution }: ChainContext, transaction: StoredTransaction): Promise<void> {
  await execution.consult(
    (endpoint: RpcEndpoint) => endpoint.ask(broadcastCall(transaction)),
    (answer) => answer.ok,
  );
}

/** Again and to everybody, in case whoever had it dropped it. */
export async function broadcastToAll({ execution }: ChainContext, transaction: StoredTransaction): Promise<void> {
  await Promise.allSettled(execution.endpoints.map((endpoint) => endpoint.ask(broadcastCall(transaction))));
}
