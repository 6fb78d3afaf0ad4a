// A transaction in a block: whether it was carried out, what it cost, and what its messages answered.
import type { comet38 } from "@cosmjs/tendermint-rpc";
import { TxMsgData } from "cosmjs-types/cosmos/base/abci/v1beta1/abci";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { SubmitResult } from "#adapters/target-chain.ts";
import type { StoredTransaction } from "#adapters/transaction-store.ts";
import { toUpperHex } from "../rpc/block.ts";
import type { TransactionResult } from "../rpc/block-results.ts";
import { decodeTransaction } from "./transaction.ts";

export interface Included {
  readonly id: string;
  readonly height: bigint;
  /** In the coin that fees are paid in. */
  readonly fee: bigint;
  /** 0: carried out. Else nothing but the fee was taken. */
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly gasUsed: bigint;
  readonly messages: readonly Any[];
  /** One per message when it was carried out, by chains that tell. */
  readonly responses: readonly Any[];
  /** Undefined when it was found by its block: they are as large as the transaction is, or larger. */
  readonly events: readonly comet38.Event[] | undefined;
}

export const succeeded = ({ code }: Included): boolean => code === 0;

function responsesOf(data: Uint8Array): readonly Any[] {
  try {
    return TxMsgData.decode(data).msgResponses;
  } catch (cause) {
    throw new CausewayError("RPC_BAD_ANSWER", "the answers of a transaction's messages do not decode", { cause });
  }
}

export function includedOf({ hash, height, tx, result }: comet38.TxResponse): Included {
  const { code, codespace = "", log = "", data = new Uint8Array(), gasUsed, events } = result;
  const ending = { code, codespace, log, data, gasUsed };
  return { ...includedAt({ id: toUpperHex(hash), raw: tx }, BigInt(height), ending), events };
}

/** A transaction of ours whose end a block's results show. */
export function includedAt(
  { id, raw }: Pick<StoredTransaction, "id" | "raw">,
  height: bigint,
  { code, codespace, log, data, gasUsed }: TransactionResult,
): Included {
  const { messages, fee } = decodeTransaction(raw);
  const responses = code === 0 ? responsesOf(data) : [];
  return {
    id,
    height,
    fee,
    code,
    codespace,
    log: log.slice(0, 1_000),
    gasUsed,
    messages,
    responses,
    events: undefined,
  };
}

export const transactionOf = ({ id, height, fee }: Included): NonNullable<SubmitResult["transaction"]> => ({
  id,
  height,
  fee,
});

/** For a transaction that took the fee and did nothing. */
export const reverted = (chainId: string, { id, codespace, code, log }: Included): CausewayError =>
  new CausewayError("TRANSACTION_REVERTED", `transaction ${id} was included and failed: ${log.slice(0, 300)}`, {
    context: { transaction: id, chainId, codespace, code, log, error: `${codespace} ${code}` },
  });

/** The value of an event's attribute; the first event of the type that has it counts. */
export const attributeOf = ({ events }: Included, type: string, key: string): string | undefined =>
  (events ?? [])
    .filter((event) => event.type === type)
    .flatMap(({ attributes }) => attributes.filter((attribute) => attribute.key === key))[0]?.value;
