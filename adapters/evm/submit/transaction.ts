// One EIP-1559 transaction: signed bytes, its hash, and the same with other fees.
import { keccak256, parseTransaction, serializeTransaction } from "viem/utils";
import type { TransactionSerializableEIP1559 } from "viem";
import type { Signer } from "#adapters/signer.ts";
import type { StoredTransaction } from "#adapters/transaction-store.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { fromHex, toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Fees } from "./fees.ts";

export interface Signed {
  readonly raw: Uint8Array;
  readonly hash: Hex;
}

export async function signTransaction(signer: Signer, transaction: TransactionSerializableEIP1559): Promise<Signed> {
  const digest = keccak256(serializeTransaction(transaction), "bytes");
  const signature = await signer.sign(digest);
  const raw = serializeTransaction(transaction, {
    r: toHex(signature.subarray(0, 32)),
    s: toHex(signature.subarray(32, 64)),
    yParity: signature[64] ?? 0,
  });
  return { raw: fromHex(raw), hash: keccak256(raw) };
}

export const storedFees = ({ fee }: StoredTransaction): Fees => ({
  maxFeePerGas: BigInt(fee["maxFeePerGas"] ?? 0),
  maxPriorityFeePerGas: BigInt(fee["maxPriorityFeePerGas"] ?? 0),
});

export const feeRecord = ({ maxFeePerGas, maxPriorityFeePerGas }: Fees): Record<string, string> => ({
  maxFeePerGas: maxFeePerGas.toString(),
  maxPriorityFeePerGas: maxPriorityFeePerGas.toString(),
});

/** The stored transaction again, at other fees. */
export async function reprice(signer: Signer, stored: StoredTransaction, fees: Fees): Promise<Signed> {
  const old = parseTransaction(toHex(stored.raw));
  if (old.type !== "eip1559") throw new CausewayError("UNSUPPORTED", "only EIP-1559 transactions can be replaced");
  const { chainId, nonce, to, gas, data } = old;
  return signTransaction(signer, {
    type: "eip1559",
    chainId,
    ...(nonce === undefined ? {} : { nonce }),
    ...(to === undefined || to === null ? {} : { to }),
    ...(gas === undefined ? {} : { gas }),
    ...(data === undefined ? {} : { data }),
    ...fees,
  });
}
