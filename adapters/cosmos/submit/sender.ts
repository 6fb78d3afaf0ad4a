// Sends transactions through the stored lane of sequences and follows them to inclusion: several in flight, continued after a crash, signed
// anew when they became void. What is true about a transaction is read from the chain's state, never from what a mempool says.
import type { Any } from "cosmjs-types/google/protobuf/any";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { createFunds } from "#adapters/submit/funds.ts";
import type { NonceLane, StoredTransaction } from "#adapters/transaction-store.ts";
import type { Following } from "../../rpc/pushes.ts";
import { remember } from "../../rpc/remember.ts";
import type { ChainContext } from "../context.ts";
import { readBalance, unfunded } from "./account.ts";
import type { Payer } from "./account.ts";
import { broadcast, SDK } from "./broadcast.ts";
import type { Broadcast } from "./broadcast.ts";
import { aboveCap, feeOf, priceOf, quotePrice, raised } from "./fees.ts";
import type { GasPrice } from "./fees.ts";
import { succeeded } from "./included.ts";
import type { Included } from "./included.ts";
import type { CosmosSigner } from "./local-signer.ts";
import { findInNewBlocks, isLive, lastHeight, readProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { abandon, allocateSequence, rebroadcast, settleUsed } from "./sequence-lane.ts";
import { complaintOf } from "./simulate.ts";
import { signTransaction } from "./transaction.ts";

export interface OutgoingTransaction {
  /** Stable name; the transactions recorded under it are one delivery. */
  readonly batchId: string;
  readonly messages: readonly Any[];
  /** The limit to begin with. */
  readonly gas: bigint;
  /** Nobody simulated it: when it runs out of gas that is its outcome, and no higher limit is tried. */
  readonly isGuess?: boolean;
  /** The events of what was included are wanted. */
  readonly wantsEvents?: boolean;
}

export interface Sender {
  readonly signer: CosmosSigner;
  /**
   * Records, broadcasts and follows a new transaction, whatever becomes of it in its block. Throws INSUFFICIENT_FUNDS, FEE_ABOVE_CAP,
   * TRANSACTION_STUCK, and TRANSACTION_REVERTED when no node takes it.
   */
  send(transaction: OutgoingTransaction, signal: AbortSignal): Promise<Included>;
  /** Follows what an earlier run sent under this name; undefined when there is nothing left to wait for. */
  resume(batchId: string, signal: AbortSignal): Promise<Included | undefined>;
}

/** A transaction that is not in one of the next so many blocks is void, and is signed anew at a higher price. */
const LIFETIME_BLOCKS = 20n;
/** An index may show a transaction later than the sequence it used up, or the height it is in. */
const INDEX_POLLS = 5;
/** Times that gas is raised, or a sequence given up that somebody else used. */
const ATTEMPTS = 4;
const REBROADCAST_POLLS = 10;
/** Each so many looks at new blocks alone, everything is looked at: what a block refused uses up no sequence. */
const FULL_LOOKS = 4;
/** What a node wants at least changes when its operator restarts it. */
const PRICE_VALID_MS = 60_000;

interface Offer {
  readonly price: GasPrice;
  readonly gas: bigint;
}

export function createSender(context: ChainContext, signer: CosmosSigner): Sender {
  const { config, dependencies, endpoints } = context;
  const { transactions } = dependencies;
  const { address } = signer;
  const lane = { chainId: config.chainId, signer: address };
  const payer = (): Payer => ({ chainId: config.chainId, address, denom: priceOf(context).denom });

  const funds = createFunds(
    () => endpoints.use((endpoint) => readBalance(endpoint, address, payer().denom)),
    dependencies.now,
  );
  const requireFunds = async (needed: bigint): Promise<void> => {
    const balance = await funds.short(needed);
    if (balance !== undefined) throw unfunded(payer(), { balance, needed });
  };

  const prices = remember<GasPrice>(1);
  const price = (signal: AbortSignal): Promise<GasPrice> =>
    prices(String(Math.floor(dependencies.now() / PRICE_VALID_MS)), () => quotePrice(context, signal));

  const record = async (
    held: NonceLane,
    outgoing: OutgoingTransaction,
    { offer, progress }: { readonly offer: Offer; readonly progress: Progress },
  ): Promise<StoredTransaction> => {
    const fee = { denom: priceOf(context).denom, amount: feeOf(offer.gas, offer.price) };
    const { accountNumber } = progress;
    if (accountNumber === undefined) throw unfunded(payer(), { balance: 0n, needed: fee.amount });
    await requireFunds(fee.amount);
    const chainId = await endpoints.use((endpoint) => endpoint.chainId());
    const sequence = await allocateSequence(context, held, progress);
    const timeoutHeight = progress.height + LIFETIME_BLOCKS;
    const content = { messages: outgoing.messages, gas: offer.gas, fee, sequence, timeoutHeight };
    const { raw, id } = await signTransaction(signer, { chainId, accountNumber }, content);
    const stored: StoredTransaction = {
      batchId: outgoing.batchId,
      nonce: sequence,
      raw,
      id,
      fee: { denom: fee.denom, amount: fee.amount.toString() },
      createdAt: dependencies.now(),
    };
    await held.record(stored);
    return stored;
  };

  /** Undefined when it, or another transaction of the batch, is on its way. */
  const start = (
    outgoing: OutgoingTransaction,
    offer: Offer,
    signal: AbortSignal,
  ): Promise<(Broadcast & { status: "refused" }) | undefined> =>
    transactions.withLane(lane, async (held) => {
      const earlier = await transactions.ofBatch(config.chainId, outgoing.batchId);
      const progress = await readProgress(context, address, earlier, signal);
      // Someone may have sent it since the caller looked: then that one is followed.
      if (progress.included.some(succeeded) || (await isUnderway(held, outgoing.batchId, progress))) return undefined;
      const stored = await record(held, outgoing, { offer, progress });
      const answer = await tolerant(() => broadcast(context, stored));
      if (answer?.status === "refused") {
        await abandon(held, stored);
        return answer;
      }
      if (answer?.status === "later") {
        dependencies.logger.debug(
          { chainId: config.chainId, batch: outgoing.batchId, why: answer.why },
          "not taken yet",
        );
        // What comes before it may have been dropped.
        if (answer.isMismatch) await tolerant(() => rebroadcast(context, held, progress));
      }
      return undefined;
    });

  /** Undefined when nothing recorded for the batch can be included any more. */
  const follow = async (
    { batchId, wantsEvents = false }: Pick<OutgoingTransaction, "batchId" | "wantsEvents">,
    signal: AbortSignal,
  ): Promise<Included | undefined> => {
    const newBlocks = context.newBlocks.follow();
    try {
      return await followBy(newBlocks, { batchId, wantsEvents }, signal);
    } finally {
      newBlocks.end();
    }
  };

  /** By blocks as they are pushed, and by the clock. */
  const followBy = async (
    newBlocks: Following,
    { batchId, wantsEvents }: { readonly batchId: string; readonly wantsEvents: boolean },
    signal: AbortSignal,
  ): Promise<Included | undefined> => {
    const deadline = dependencies.now() + config.confirmationTimeoutSeconds * 1000;
    let stored = await transactions.ofBatch(config.chainId, batchId);
    const settled = async (included: Included): Promise<Included> => {
      const nonce = stored.find(({ id }) => id === included.id)?.nonce;
      if (nonce !== undefined) await transactions.withLane(lane, (held) => held.settle(nonce, included.id));
      return included;
    };
    let [over, polls, looks] = [0, 0, 0];
    while (dependencies.now() < deadline) {
      const isPushed = await newBlocks.wait(config.pollMilliseconds, signal);
      if (signal.aborted) throw new CausewayError("CANCELLED", `stopped while batch ${batchId} waits for inclusion`);
      looks += 1;
      if (isPushed && !wantsEvents) {
        const found = await tolerant(() => findInNewBlocks(context, address, stored, signal));
        // Of several signed for one batch, all have to be known.
        if (found !== undefined && (stored.length === 1 || succeeded(found))) return settled(found);
        if (looks % FULL_LOOKS !== 0) continue;
      }
      stored = await transactions.ofBatch(config.chainId, batchId);
      const progress = await readProgress(context, address, stored, signal);
      const included = newestOf(stored, progress);
      if (included !== undefined) return settled(included);
      over = stored.some((transaction) => isLive(transaction, progress)) ? 0 : over + 1;
      if (over > INDEX_POLLS) {
        await transactions.withLane(lane, (held) => settleUsed(held, progress));
        return undefined;
      }
      polls += 1;
      if (polls % REBROADCAST_POLLS === 0)
        await tolerant(() => transactions.withLane(lane, (held) => rebroadcast(context, held, progress)));
    }
    throw new CausewayError(
      "TRANSACTION_STUCK",
      `batch ${batchId} is not included after ${config.confirmationTimeoutSeconds} s`,
      { context: { chainId: config.chainId, batch: batchId } },
    );
  };

  /** What to offer after a node refused the transaction. Throws when no offer helps. */
  const afterRefusal = ({ codespace, code, log }: Broadcast & { status: "refused" }, offer: Offer): Offer => {
    const { max, denom } = priceOf(context);
    const why = complaintOf(log);
    if (codespace === "sdk" && code === SDK.insufficientFunds) {
      funds.forget();
      throw unfunded(payer(), { balance: 0n, needed: feeOf(offer.gas, offer.price) });
    }
    if (codespace === "sdk" && code === SDK.insufficientFee) {
      if (offer.price >= max) throw aboveCap(context, `${why}; the cap is ${max} (times 10^-18) of ${denom} per gas`);
      return { ...offer, price: offer.price * 2n > max ? max : offer.price * 2n };
    }
    // Signing and sending took longer than it was meant to wait.
    if (codespace === "sdk" && code === SDK.timeoutHeight) return offer;
    throw new CausewayError("TRANSACTION_REVERTED", `no node of ${config.chainId} takes the transaction: ${why}`, {
      context: { chainId: config.chainId, codespace, code, log, error: `${codespace} ${code}` },
    });
  };

  /** What to offer after the transaction became void or ran out of gas; undefined when what happened to it is the outcome. */
  const afterInclusion = (
    { batchId, isGuess = false }: OutgoingTransaction,
    included: Included | undefined,
    offer: Offer,
  ): Offer | undefined => {
    const { max } = priceOf(context);
    const fields = { chainId: config.chainId, batch: batchId };
    if (included === undefined) {
      dependencies.logger.warn(fields, "a transaction was not included in time, signing it anew");
      return { ...offer, price: raised(offer.price, max) };
    }
    if (included.codespace !== "sdk") return undefined;
    if (included.code === SDK.outOfGas && !isGuess) {
      dependencies.logger.warn(
        { ...fields, transaction: included.id, gas: offer.gas },
        "out of gas, raising the limit",
      );
      return { ...offer, gas: (offer.gas * BigInt(Math.round(config.gasMultiplier * 1_000))) / 1_000n };
    }
    // Its sequence was not used up: nothing happened.
    return included.code === SDK.wrongSequence || included.code === SDK.timeoutHeight ? offer : undefined;
  };

  return {
    signer,
    async send(outgoing, signal) {
      let offer: Offer = { price: await price(signal), gas: outgoing.gas };
      let included: Included | undefined;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const refused = await start(outgoing, offer, signal);
        if (refused !== undefined) {
          offer = afterRefusal(refused, offer);
          continue;
        }
        included = await follow(outgoing, signal);
        const next = afterInclusion(outgoing, included, offer);
        if (next === undefined && included !== undefined) return included;
        offer = next ?? offer;
      }
      if (included !== undefined) return included;
      throw new CausewayError(
        "TRANSACTION_STUCK",
        `batch ${outgoing.batchId} was not included in ${ATTEMPTS} attempts`,
        {
          hint: "nothing to do: it is sent again; keep the signer's key to this program alone",
          context: { chainId: config.chainId, signer: address },
        },
      );
    },
    async resume(batchId, signal) {
      const stored = await transactions.ofBatch(config.chainId, batchId);
      if (stored.length === 0) return undefined;
      const progress = await readProgress(context, address, stored, signal);
      const included = newestOf(stored, progress);
      if (included !== undefined && succeeded(included)) return included;
      const isWaiting = await transactions.withLane(lane, async (held) => {
        if (!(await isUnderway(held, batchId, progress))) return false;
        await tolerant(() => rebroadcast(context, held, progress));
        return true;
      });
      return isWaiting ? follow({ batchId }, signal) : undefined;
    },
  };
}

/** Whether a transaction of the batch waits that blocks to come can still include. */
const isUnderway = async (lane: NonceLane, batchId: string, progress: Progress): Promise<boolean> =>
  (await lane.unsettled()).some(
    (transaction) =>
      transaction.batchId === batchId &&
      isLive(transaction, progress) &&
      !progress.included.some(({ id }) => id === transaction.id),
  );

/** One that was carried out; else a failure, when nothing newer was sent for the batch. */
function newestOf(stored: readonly StoredTransaction[], { included }: Progress): Included | undefined {
  const newest = stored.reduce((latest, each) => (lastHeight(each) > latest ? lastHeight(each) : latest), 0n);
  const ids = new Set(stored.filter((each) => lastHeight(each) === newest).map(({ id }) => id));
  return included.find(succeeded) ?? included.find(({ id }) => ids.has(id));
}

/** What an endpoint fails at here is tried again by whoever follows the transaction. */
async function tolerant<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isCausewayError(error) || error.retry === "never") throw error;
    return undefined;
  }
}
