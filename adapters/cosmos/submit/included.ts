// A transaction in a block: whether it was carried out, what it cost, and what its messages answered.
import type { comet38 } from "@cosmjs/tendermint-rpc";
import { TxMsgData } from "cosmjs-types/cosmos/base/abci/v1beta1/abci";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { SubmitResult } from "#adapters/adapter.ts";
import { toUpperHex } from "../rpc/block.ts";
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
  readonly messages: readonly Any[];
  /** One per message when it was carried out, by chains that tell. */
  readonly responses: readonly Any[];
  readonly events: readonly comet38.Event[];
}

export const succeeded = ({ code }: Included): boolean => code === 0;

function responsesOf(data: Uint8Array | undefined): readonly Any[] {
  try {
    return TxMsgData.decode(data ?? new Uint8Array()).msgResponses;
  } catch (cause) {
    throw new CausewayError("RPC_BAD_ANSWER", "the answers of a transaction's messages do not decode", { cause });
  }
}

export function includedOf({ hash, height, tx, result }: comet38.TxResponse): Included {
  const { messages, fee } = decodeTransaction(tx);
  const { code, codespace = "", log = "", data, events } = result;
  return {
    id: toUpperHex(hash),
    height: BigInt(height),
    fee,
    code,
    codespace,
    log: log.slice(0, 1_000),
    messages,
    responses: code === 0 ? responsesOf(data) : [],
    events,
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
  events
    .filter((event) => event.type === type)
    .flatMap(({ attributes }) => attributes.filter((attribute) => attribute.key === key))[0]?.value;
