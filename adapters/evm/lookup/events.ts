// Packet events of a light client, from the head backwards: what people ask for happened lately.
import type { EventQuery, Stretch } from "#adapters/lookup.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import { getHeader, getHeaders } from "../rpc/block-header.ts";
import { getLogs } from "../rpc/logs.ts";
import type { Log } from "../rpc/logs.ts";
import type { Hex } from "../rpc/hex.ts";
import { clientTopic, packetEvent, packetTopics, sequenceTopic } from "../watch/packet-events.ts";

interface LogStretch {
  readonly from: bigint;
  readonly to: bigint;
  /** Newest first. */
  readonly logs: readonly Log[];
  /** Unix seconds of `from`. */
  readonly timestamp: bigint;
  /** Unix seconds of a log's block. */
  readonly timeOf: (log: Log) => bigint;
}

/** Throws RPC_UNREACHABLE when even one block's logs are refused. */
export async function* logsBackwards(
  { config, execution }: ChainContext,
  signatures: readonly Hex[],
  { clientId, sequence }: EventQuery,
  signal: AbortSignal,
): AsyncGenerator<LogStretch> {
  const topics = [signatures, clientTopic(clientId), ...(sequence === undefined ? [] : [sequenceTopic(sequence)])];
  const first = BigInt(config.fromHeight);
  let width = BigInt(config.logRange);
  let { number: to } = await execution.use((endpoint) => getHeader(endpoint, "latest", signal));
  while (to >= first) {
    const from = to - first < width ? first : to - width + 1n;
    const query = { address: config.router, topics, from, to };
    const answer = await execution.use((endpoint) => getLogs(endpoint, query, signal));
    if (!answer.ok && width === 1n)
      throw new CausewayError("RPC_UNREACHABLE", answer.why, { context: { chainId: config.chainId } });
    if (!answer.ok) {
      width = (width + 1n) / 2n;
      continue;
    }
    const heights = [...new Set([from, ...answer.logs.map(({ blockNumber }) => blockNumber)])];
    const headers = await execution.use((endpoint) => getHeaders(endpoint, heights, signal));
    const times = new Map(headers.map(({ number, timestamp }) => [number, timestamp]));
    const timeAt = (height: bigint): bigint => times.get(height) ?? 0n;
    const timeOf = ({ blockNumber }: Log): bigint => timeAt(blockNumber);
    yield { from, to, logs: answer.logs.toReversed(), timestamp: timeAt(from), timeOf };
    to = from - 1n;
  }
}

export async function* events(context: ChainContext, query: EventQuery, signal: AbortSignal): AsyncGenerator<Stretch> {
  for await (const { from, to, logs, timestamp, timeOf } of logsBackwards(context, packetTopics, query, signal))
    yield { from, to, timestamp, events: logs.map((log) => packetEvent(log, timeOf(log))) };
}
