// A transaction by its hash, with the packet events in it.
import { hexToBytes } from "@noble/hashes/utils.js";
import type { FoundTransaction } from "#adapters/lookup.ts";
import type { ChainContext } from "../context.ts";
import { toUpperHex } from "../rpc/block.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getTransaction } from "../rpc/transaction.ts";
import { getPacketEvents } from "../watch/block-events.ts";
import { getHeader } from "./head.ts";

/** The hash with or without a prefix, in any case. What waits in a node's mempool cannot be asked for by its hash: it is not found yet. */
export async function findTransaction(
  context: ChainContext,
  id: string,
  signal: AbortSignal,
): Promise<FoundTransaction | undefined> {
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(id)?.[1];
  if (digits === undefined) return undefined;
  const hash = hexToBytes(digits);
  // An endpoint that does not know it is not the last one asked.
  const { answer } = await context.endpoints.consult(
    (endpoint) => read(context, endpoint, hash, signal),
    (found) => found !== undefined,
  );
  return answer;
}

async function read(
  context: ChainContext,
  endpoint: CometEndpoint,
  hash: Uint8Array,
  signal: AbortSignal,
): Promise<FoundTransaction | undefined> {
  const found = await getTransaction(endpoint, hash, signal);
  if (found === undefined) return undefined;
  const id = toUpperHex(hash);
  const header = await getHeader(endpoint, BigInt(found.height), signal);
  const place = { height: header.height, timestamp: header.timestamp };
  if (found.result.code !== 0) return { id, status: "reverted", place, events: [] };
  const events = await getPacketEvents(context, endpoint, header, signal);
  return { id, status: "included", place, events: events.filter(({ transaction }) => transaction === id) };
}
