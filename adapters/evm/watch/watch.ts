// The watch stage's source: finalized packet events as contiguous stretches of heights. A stretch that no endpoint serves is
// yielded as a gap, so that nobody mistakes it for seen.
import type { Cursor, Watched } from "#adapters/source-chain.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import { getHeader } from "../rpc/block-header.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import type { Pool } from "../../rpc/pool.ts";
import type { Following } from "../../rpc/pushes.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";
import { readRange } from "./block-range.ts";
import type { RangeAnswer, RangeRequest } from "./block-range.ts";
import { unlessAborted } from "../../pause.ts";

/** Throws DEEP_REORG when no endpoint knows the cursor's block any more, and what the endpoints' failures are. */
export async function* watch(
  context: ChainContext,
  from: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Watched> {
  const usual = await context.consensus.pollMilliseconds();
  const poll = context.config.pollMilliseconds ?? usual;
  // Whoever pushes has us look no more often than the clock would.
  const newFinality = context.consensus.newFinality.follow(Math.min(poll, usual));
  try {
    yield* watchFinalized(context, from, { newFinality, poll }, signal);
  } finally {
    newFinality.end();
  }
}

async function* watchFinalized(
  context: ChainContext,
  from: Cursor | undefined,
  { newFinality, poll }: { readonly newFinality: Following; readonly poll: number },
  signal: AbortSignal,
): AsyncGenerator<Watched> {
  const { config, consensus } = context;
  let cursor = from;
  let range = BigInt(config.logRange);
  while (!signal.aborted) {
    const finalized = await unlessAborted(consensus.finalized(signal), signal);
    if (finalized === undefined) return;
    const first = cursor === undefined ? BigInt(config.fromHeight) : cursor.height + 1n;
    if (finalized.number < first) {
      await newFinality.wait(poll, signal);
      continue;
    }
    const to = finalized.number - first < range ? finalized.number : first + range - 1n;
    const request = { router: config.router, from: first, to, finalized, parentHash: cursor?.hash };
    const answer = await unlessAborted(readFromAny(context, request, signal), signal);
    if (answer === undefined) return;
    if (!answer.ok && first < to) {
      // Too much for the endpoints: ask for less.
      range = (to - first + 1n) / 2n;
      continue;
    }
    const watched = answer.ok ? indexed(first, answer) : await gap(context, first, answer.why, signal);
    range = range * 2n > BigInt(config.logRange) ? BigInt(config.logRange) : range * 2n;
    cursor = watched.cursor;
    yield watched;
  }
}

function indexed(from: bigint, { last, events }: { last: BlockHeader } & Extract<RangeAnswer, { ok: true }>): Watched {
  const cursor = { height: last.number, hash: last.hash };
  return { kind: "indexed", from, to: last.number, cursor, timestamp: last.timestamp, events };
}

/** Even the single block is refused. Its header still links what comes after it. */
async function gap({ execution }: ChainContext, height: bigint, why: string, signal: AbortSignal): Promise<Watched> {
  const header = await execution.use((endpoint) => getHeader(endpoint, height, signal));
  return { kind: "gap", from: height, to: height, cursor: { height, hash: header.hash }, why };
}

/** Another endpoint is asked when one refuses, and before a changed final block is believed. */
async function readFromAny(
  { execution }: ChainContext,
  request: RangeRequest,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  const { answer, isUnanimous } = await execution.consult(
    async (endpoint) => {
      try {
        return await readRange(endpoint, request, signal);
      } catch (error) {
        if (isCausewayError(error) && error.code === "DEEP_REORG") return error;
        throw error;
      }
    },
    (given) => !isCausewayError(given) && given.ok,
  );
  if (!isCausewayError(answer)) {
    if (answer.ok && answer.last.number < request.finalized.number)
      await requireSameBlock(execution, answer.last, signal);
    return answer;
  }
  if (isUnanimous) throw answer;
  throw new CausewayError("RPC_BAD_ANSWER", answer.message, { context: answer.context, cause: answer });
}

/** Below the finalized head no proof says which block is the chain's: then the endpoints that answer have to agree. */
async function requireSameBlock(
  { endpoints }: Pool<RpcEndpoint>,
  last: BlockHeader,
  signal: AbortSignal,
): Promise<void> {
  const headers = await Promise.allSettled(endpoints.map((endpoint) => getHeader(endpoint, last.number, signal)));
  for (const [index, header] of headers.entries()) {
    if (header.status === "rejected" || header.value.hash === last.hash) continue;
    const name = endpoints[index]?.name;
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `endpoints disagree about block ${last.number}: ${name} has ${header.value.hash}, another has ${last.hash}`,
      { context: { endpoint: name, height: last.number } },
    );
  }
}
