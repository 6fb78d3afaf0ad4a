// Event logs of one contract, as JSON-RPC gives them.
import * as z from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { hexData, quantity, quantityHex } from "./hex.ts";
import type { Hex } from "./hex.ts";
import type { RpcEndpoint } from "./rpc-endpoint.ts";

export const log = z.object({
  address: hexData(20),
  topics: z.array(hexData(32)).max(4),
  data: hexData(),
  blockNumber: quantity,
  blockHash: hexData(32),
  transactionHash: hexData(32),
  logIndex: quantity,
  removed: z.boolean().optional(),
});

export type Log = z.infer<typeof log>;

export interface LogQuery {
  readonly address: Hex;
  readonly topics: readonly (Hex | readonly Hex[] | null)[];
  readonly from: bigint;
  readonly to: bigint;
}

export type LogAnswer =
  | { readonly ok: true; readonly logs: readonly Log[] }
  /** The endpoint answered, and refused: mostly because the range or the result is too large for it, or pruned. */
  | { readonly ok: false; readonly why: string };

/** In chain order. Throws RPC_BAD_ANSWER for logs that were not asked for. */
export async function getLogs(endpoint: RpcEndpoint, query: LogQuery, signal?: AbortSignal): Promise<LogAnswer> {
  const { address, topics, from, to } = query;
  const filter = { address, topics, fromBlock: quantityHex(from), toBlock: quantityHex(to) };
  const answer = await endpoint.ask({ method: "eth_getLogs", params: [filter] }, signal);
  if (!answer.ok) return { ok: false, why: `${endpoint.name}: ${answer.message.slice(0, 200)}` };
  const parsed = z.array(log).safeParse(answer.result);
  const foreign = (entry: Log): boolean =>
    entry.address !== address || entry.blockNumber < from || entry.blockNumber > to || entry.removed === true;
  if (!parsed.success || parsed.data.some(foreign))
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} gave logs that were not asked for or do not parse`, {
      context: { endpoint: endpoint.name, from, to },
      cause: parsed.error,
    });
  const position = (entry: Log): bigint => entry.blockNumber * 1_000_000n + entry.logIndex;
  const logs = parsed.data.toSorted((left, right) => Number(position(left) - position(right)));
  return { ok: true, logs };
}
