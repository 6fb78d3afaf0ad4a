// Transaction receipts, as JSON-RPC gives them.
import * as z from "zod";
import { hexData, quantity } from "../rpc/hex.ts";
import { log } from "../rpc/logs.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";

export const receipt = z
  .object({
    transactionHash: hexData(32),
    blockNumber: quantity,
    status: quantity,
    gasUsed: quantity,
    effectiveGasPrice: quantity,
    contractAddress: hexData(20).nullish(),
    logs: z.array(log),
  })
  .nullable();

export type Receipt = NonNullable<z.infer<typeof receipt>>;

export const succeeded = ({ status }: Receipt): boolean => status === 1n;

/** Receipts of those transactions that are included. */
export async function getReceipts(
  endpoint: RpcEndpoint,
  hashes: readonly string[],
  signal?: AbortSignal,
): Promise<Receipt[]> {
  const calls = hashes.map((hash) => ({ method: "eth_getTransactionReceipt", params: [hash] }));
  const wanted = new Set<string>(hashes);
  const found = await endpoint.callAll(calls, receipt, signal);
  return found.filter((entry) => entry !== null).filter((entry) => wanted.has(entry.transactionHash));
}
