// A transaction by its hash, with the packet events in it.
import { z } from "zod";
import type { FoundTransaction } from "#adapters/lookup.ts";
import type { ChainContext } from "../context.ts";
import { getHeader } from "../rpc/block-header.ts";
import { quantity } from "../rpc/hex.ts";
import { log } from "../rpc/logs.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";
import { packetEvent, packetTopics } from "../watch/packet-events.ts";

const receipt = z.object({ blockNumber: quantity, status: quantity, logs: z.array(log) }).nullable();
const known = z.object({ blockNumber: quantity.nullish() }).nullable();

/** The hash with or without its prefix. An endpoint that does not know it is not the last one asked. */
export async function findTransaction(
  context: ChainContext,
  id: string,
  signal: AbortSignal,
): Promise<FoundTransaction | undefined> {
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(id)?.[1];
  if (digits === undefined) return undefined;
  const hash = `0x${digits.toLowerCase()}`;
  const { answer } = await context.execution.consult(
    (endpoint) => read(context, endpoint, hash, signal),
    (found) => found !== undefined && found.status !== "waiting",
  );
  return answer;
}

async function read(
  { config }: ChainContext,
  endpoint: RpcEndpoint,
  id: string,
  signal: AbortSignal,
): Promise<FoundTransaction | undefined> {
  const included = await endpoint.call({ method: "eth_getTransactionReceipt", params: [id] }, receipt, signal);
  if (included === null) {
    const waiting = await endpoint.call({ method: "eth_getTransactionByHash", params: [id] }, known, signal);
    return waiting === null ? undefined : { id, status: "waiting", events: [] };
  }
  const { number: height, timestamp } = await getHeader(endpoint, included.blockNumber, signal);
  const place = { height, timestamp };
  if (included.status === 0n) return { id, status: "reverted", place, events: [] };
  const ours = included.logs.filter(
    ({ address, topics: [signature] }) =>
      address === config.router && signature !== undefined && packetTopics.includes(signature),
  );
  return { id, status: "included", place, events: ours.map((entry) => packetEvent(entry, timestamp)) };
}
