// Sends transactions through the stored nonce lane and follows them to inclusion: several in flight, continued after a crash,
// replaced at a higher fee when stuck. What is true about a transaction is read from the chain, never from error texts.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Signer } from "#adapters/signer.ts";
import type { NonceLane, StoredTransaction } from "#adapters/transaction-store.ts";
import type { ChainContext } from "../context.ts";
import { quantity } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { createFunds } from "../../submit/funds.ts";
import type { Following } from "../../rpc/pushes.ts";
import { quoteFees, replacementFees } from "./fees.ts";
import type { Fees } from "./fees.ts";
import { allocateNonce, broadcast, broadcastToAll, chainNonces, settleUsed } from "./nonce-lane.ts";
import { getReceipts, succeeded } from "./receipt.ts";
import type { Receipt } from "./receipt.ts";
import { feeRecord, reprice, signTransaction, storedFees } from "./transaction.ts";
import type { Signed } from "./transaction.ts";

export interface OutgoingTransaction {
  /** Stable name; the transactions recorded under it are one delivery. */
  readonly batchId: string;
  /** Absent: creates a contract. */
  readonly to?: Hex | undefined;
  readonly data: Hex;
  readonly gas: bigint;
}

export interface Sender {
  readonly address: Hex;
  /** Records, broadcasts and follows a new transaction. Throws INSUFFICIENT_FUNDS, FEE_ABOVE_CAP, TRANSACTION_STUCK. */
  send(transaction: OutgoingTransaction, signal: AbortSignal): Promise<Receipt>;
  /** Follows what an earlier run sent under this name; undefined when there is nothing left to wait for. */
  resume(batchId: string, signal: AbortSignal): Promise<Receipt | undefined>;
}

/** A receipt may show later than the nonce it used up: in a node that writes them apart, or behind a balancer of several. */
const RECEIPT_POLLS = 5;
/** Pushed blocks for each look at the nonces. */
const NONCE_LOOKS = 4;

export function createSender(context: ChainContext, signer: Signer): Sender {
  const { config, dependencies, execution } = context;
  const { transactions } = dependencies;
  const lane = { chainId: config.chainId, signer: signer.address };
  const address = signer.address as Hex;

  const record = (
    held: NonceLane,
    details: { batchId: string; nonce: bigint; fees: Fees; signed: Signed },
  ): Promise<void> =>
    held.record({
      batchId: details.batchId,
      nonce: details.nonce,
      raw: details.signed.raw,
      id: details.signed.hash,
      fee: feeRecord(details.fees),
      createdAt: dependencies.now(),
    });

  const funds = createFunds(
    () =>
      execution.use((endpoint) => endpoint.call({ method: "eth_getBalance", params: [address, "latest"] }, quantity)),
    dependencies.now,
  );

  const requireFunds = async (gas: bigint, fees: Fees): Promise<void> => {
    const needed = gas * fees.maxFeePerGas;
    const balance = await funds.short(needed);
    if (balance === undefined) return;
    throw new CausewayError(
      "INSUFFICIENT_FUNDS",
      `${address} holds ${balance} wei, the transaction may cost ${needed}`,
      {
        hint: `send funds to ${address} on ${config.chainId}`,
        context: { chainId: config.chainId, signer: address, balance, needed },
      },
    );
  };

  /** Someone may have recorded a transaction for this batch since the caller looked: then that one is followed. */
  const start = async (transaction: OutgoingTransaction, signal: AbortSignal): Promise<void> => {
    const fees = await execution.use((endpoint) => quoteFees(config, endpoint, signal));
    await requireFunds(transaction.gas, fees);
    await transactions.withLane(lane, async (held) => {
      const unsettled = await held.unsettled();
      if (unsettled.some(({ batchId }) => batchId === transaction.batchId)) return;
      const nonce = await allocateNonce(context, held, address);
      const { to, data, gas, batchId } = transaction;
      const signed = await signTransaction(signer, {
        type: "eip1559",
        chainId: Number(config.chainId.slice("eip155:".length)),
        nonce: Number(nonce),
        ...(to === undefined ? {} : { to }),
        data,
        gas,
        ...fees,
      });
      await record(held, { batchId, nonce, fees, signed });
      await tolerant(broadcast(context, { batchId, nonce, raw: signed.raw, id: signed.hash, fee: {}, createdAt: 0 }));
    });
  };

  /** Lets go of what nobody will include unless something is done: the lowest waiting nonce, whichever batch it is of. */
  const unstick = (signal: AbortSignal): Promise<void> =>
    transactions.withLane(lane, async (held) => {
      await settleUsed(context, held, address);
      const unsettled = await held.unsettled();
      const lowest = unsettled[0]?.nonce;
      const newest = unsettled.findLast(({ nonce }) => nonce === lowest);
      if (newest === undefined) return;
      await broadcastToAll(context, newest);
      if (dependencies.now() - newest.createdAt < config.fees.stuckAfterSeconds * 1000) return;
      const market = await execution.use((endpoint) => quoteFees(config, endpoint, signal));
      const fees = replacementFees(config, storedFees(newest), market);
      if (fees === undefined) return;
      const signed = await reprice(signer, newest, fees);
      const { batchId, nonce } = newest;
      await record(held, { batchId, nonce, fees, signed });
      dependencies.logger.warn(
        { chainId: config.chainId, batch: batchId, nonce, transaction: signed.hash, replaces: newest.id },
        "transaction stuck, replaced at a higher fee",
      );
      await broadcastToAll(context, { ...newest, raw: signed.raw, id: signed.hash });
    });

  const includedReceipt = async (
    stored: readonly StoredTransaction[],
    signal: AbortSignal,
  ): Promise<Receipt | undefined> => {
    const ids = stored.map(({ id }) => id);
    const receipts = await execution.use((endpoint) => getReceipts(endpoint, ids, signal));
    // A reverted transaction ends the delivery only when nothing newer was sent for it.
    const newest = stored.reduce((latest, { nonce }) => (nonce > latest ? nonce : latest), 0n);
    const newestIds = new Set(stored.filter(({ nonce }) => nonce === newest).map(({ id }) => id));
    return receipts.find(succeeded) ?? receipts.find(({ transactionHash }) => newestIds.has(transactionHash));
  };

  /** Undefined when every nonce recorded for the batch was used up by something else. */
  const follow = async (batchId: string, signal: AbortSignal): Promise<Receipt | undefined> => {
    const newBlocks = context.newBlocks.follow();
    try {
      return await followBy(newBlocks, batchId, signal);
    } finally {
      newBlocks.end();
    }
  };

  /** By blocks as they are pushed, and by the clock. */
  const followBy = async (newBlocks: Following, batchId: string, signal: AbortSignal): Promise<Receipt | undefined> => {
    const deadline = dependencies.now() + config.confirmationTimeoutSeconds * 1000;
    const poll = config.pollMilliseconds ?? (await context.consensus.pollMilliseconds());
    let checkedAt = dependencies.now();
    let [used, looks, isPushed] = [0, 0, false];
    while (dependencies.now() < deadline) {
      if (signal.aborted) throw new CausewayError("CANCELLED", `stopped while batch ${batchId} waits for inclusion`);
      const stored = await transactions.ofBatch(config.chainId, batchId);
      // A nonce that something else used is nothing that has to be known with every block.
      const asksNonces = !isPushed || used > 0 || looks % NONCE_LOOKS === 0;
      const { lowest } = asksNonces ? await chainNonces(context, address) : { lowest: 0n };
      looks += 1;
      const receipt = await includedReceipt(stored, signal);
      if (receipt !== undefined) {
        const nonce = stored.find(({ id }) => id === receipt.transactionHash)?.nonce;
        if (nonce !== undefined)
          await transactions.withLane(lane, (held) => held.settle(nonce, receipt.transactionHash));
        return receipt;
      }
      if (asksNonces) used = stored.every(({ nonce }) => nonce < lowest) ? used + 1 : 0;
      if (used > RECEIPT_POLLS) {
        await transactions.withLane(lane, (held) => settleUsed(context, held, address));
        return undefined;
      }
      if (dependencies.now() - checkedAt >= (config.fees.stuckAfterSeconds * 1000) / 2) {
        checkedAt = dependencies.now();
        await tolerant(unstick(signal));
      }
      isPushed = await newBlocks.wait(poll, signal);
    }
    throw new CausewayError(
      "TRANSACTION_STUCK",
      `batch ${batchId} is not included after ${config.confirmationTimeoutSeconds} s`,
      {
        context: { chainId: config.chainId, batch: batchId },
      },
    );
  };

  return {
    address,
    async send(transaction, signal) {
      await start(transaction, signal);
      const receipt = await follow(transaction.batchId, signal);
      if (receipt !== undefined) return receipt;
      throw new CausewayError(
        "TRANSACTION_STUCK",
        `the nonce of batch ${transaction.batchId} was used by another transaction`,
        {
          hint: "nothing to do: it is sent again; keep the signer's key to this program alone",
          context: { chainId: config.chainId, signer: address },
        },
      );
    },
    async resume(batchId, signal) {
      const stored = await transactions.ofBatch(config.chainId, batchId);
      if (stored.length === 0) return undefined;
      const receipt = await includedReceipt(stored, signal);
      if (receipt !== undefined && succeeded(receipt)) return receipt;
      const isWaiting = await transactions.withLane(lane, async (held) => {
        await settleUsed(context, held, address);
        const waiting = (await held.unsettled()).filter((transaction) => transaction.batchId === batchId);
        for (const transaction of waiting) await broadcastToAll(context, transaction);
        return waiting.length > 0;
      });
      return isWaiting ? follow(batchId, signal) : undefined;
    },
  };
}

/** What an endpoint fails at here is tried again by whoever follows the transaction. */
async function tolerant(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isCausewayError(error) || error.retry === "never") throw error;
  }
}
