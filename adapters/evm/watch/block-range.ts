// A stretch of finalized blocks with the router's packet events in it, read from one endpoint and checked as far as its
// hashes reach: linked to the finalized head when it ends there, and event blocks by their own header.
import type { PacketEvent } from "#adapters/packet-event.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { getHeaders } from "../rpc/block-header.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import type { Hex } from "../rpc/hex.ts";
import { getLogs } from "../rpc/logs.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";
import { packetEvent, packetTopics } from "./packet-events.ts";

export interface RangeRequest {
  readonly router: Hex;
  readonly from: bigint;
  readonly to: bigint;
  readonly finalized: BlockHeader;
  /** The block before `from`, when it was seen before. */
  readonly parentHash: string | undefined;
}

export type RangeAnswer =
  | { readonly ok: true; readonly last: BlockHeader; readonly events: readonly PacketEvent[] }
  | { readonly ok: false; readonly why: string };

/** Up to so many blocks every header is read, so that the whole stretch is linked by parent hashes. */
const LINKED_BLOCKS = 64n;

const contradiction = (endpoint: RpcEndpoint, what: string): CausewayError =>
  new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: ${what}`, { context: { endpoint: endpoint.name } });

export async function readRange(
  endpoint: RpcEndpoint,
  request: RangeRequest,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  const { from, to, router } = request;
  const answer = await getLogs(endpoint, { address: router, topics: [packetTopics], from, to }, signal);
  if (!answer.ok) return answer;
  const headers = await readHeaders(
    endpoint,
    request,
    answer.logs.map(({ blockNumber }) => blockNumber),
    signal,
  );
  const last = headers.get(to);
  if (last === undefined) throw contradiction(endpoint, `no header of block ${to}`);
  const events = answer.logs.map((log) => {
    const header = headers.get(log.blockNumber);
    if (header?.hash !== log.blockHash)
      throw contradiction(endpoint, `an event is in block ${log.blockHash}, which is not block ${log.blockNumber}`);
    return packetEvent(log, header.timestamp);
  });
  return { ok: true, last, events };
}

async function readHeaders(
  endpoint: RpcEndpoint,
  request: RangeRequest,
  eventHeights: readonly bigint[],
  signal: AbortSignal,
): Promise<Map<bigint, BlockHeader>> {
  const { from, to, finalized, parentHash } = request;
  const linked = to - from < LINKED_BLOCKS;
  const heights = linked
    ? Array.from({ length: Number(to - from) + 1 }, (_, index) => from + BigInt(index))
    : [...new Set([from, ...eventHeights, to])];
  const headers = await getHeaders(endpoint, heights, signal);
  for (const [index, header] of headers.entries()) {
    const previous = index === 0 ? undefined : headers[index - 1];
    if (previous?.number === header.number - 1n && header.parentHash !== previous.hash)
      throw contradiction(endpoint, `block ${header.number} does not follow block ${previous.number}`);
    if (header.number === finalized.number && header.hash !== finalized.hash)
      throw contradiction(endpoint, `block ${header.number} is ${header.hash}, final is ${finalized.hash}`);
  }
  const [first] = headers;
  if (parentHash !== undefined && first?.parentHash !== parentHash)
    throw new CausewayError(
      "DEEP_REORG",
      `${endpoint.name}: block ${from} does not follow ${parentHash}, which was final`,
      {
        context: { endpoint: endpoint.name, height: from - 1n, hash: parentHash },
      },
    );
  return new Map(headers.map((header) => [header.number, header]));
}
