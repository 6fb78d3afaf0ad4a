// All of a contract's logs in a stretch of blocks, however little an endpoint gives at once.
import { CausewayError } from "#adapters/protocol/error.ts";
import { getLogs } from "./logs.ts";
import type { Log, LogQuery } from "./logs.ts";
import type { RpcEndpoint } from "./rpc-endpoint.ts";

/** In chain order. `range`: most blocks in one request. Throws RPC_UNREACHABLE when even one block's are refused. */
export async function allLogs(endpoint: RpcEndpoint, query: LogQuery, range: number): Promise<Log[]> {
  const logs: Log[] = [];
  let width = BigInt(range);
  for (let { from } = query; from <= query.to;) {
    const to = query.to - from < width ? query.to : from + width - 1n;
    const answer = await getLogs(endpoint, { ...query, from, to });
    if (answer.ok) {
      logs.push(...answer.logs);
      from = to + 1n;
    } else if (width > 1n) width = (width + 1n) / 2n;
    else throw new CausewayError("RPC_UNREACHABLE", answer.why, { context: { endpoint: endpoint.name } });
  }
  return logs;
}
