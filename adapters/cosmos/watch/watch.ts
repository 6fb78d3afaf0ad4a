// The watch stage's source: packet events as contiguous stretches of heights. Blocks are final as soon as they are there; each is yielded with
// the next one, in whose header the state after it is, so that it can be proven at once. A stretch that no endpoint keeps is yielded as a gap, so
// that nobody mistakes it for seen.
import type { Cursor, Watched } from "#adapters/source-chain.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { unlessAborted } from "../../pause.ts";
import type { ChainContext } from "../context.ts";
import type { Following } from "../../rpc/pushes.ts";
import type { Pool } from "../../rpc/pool.ts";
import { getHeaders } from "../rpc/block.ts";
import type { BlockHeader } from "../rpc/block.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getHeight, getLowestHeight } from "../rpc/head.ts";
import { readRange } from "./block-range.ts";
import type { RangeAnswer, RangeRequest } from "./block-range.ts";

/** Throws DEEP_REORG when no endpoint knows the cursor's block any more, and what the endpoints' failures are. */
export async function* watch(
  context: ChainContext,
  from: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Watched> {
  const newBlocks = context.newBlocks.follow();
  try {
    yield* watchBlocks(context, from, newBlocks, signal);
  } finally {
    newBlocks.end();
  }
}

async function* watchBlocks(
  context: ChainContext,
  from: Cursor | undefined,
  newBlocks: Following,
  signal: AbortSignal,
): AsyncGenerator<Watched> {
  const { config, endpoints } = context;
  const most = BigInt(config.blocksPerFetch);
  let cursor = from;
  let range = most;
  let early: Promise<RangeAnswer | undefined> | undefined;
  while (!signal.aborted) {
    const newest = await unlessAborted(
      endpoints.use((endpoint) => getHeight(endpoint, signal)),
      signal,
    );
    if (newest === undefined) return;
    const head = newest - 1n;
    const first = cursor === undefined ? BigInt(config.fromHeight) : cursor.height + 1n;
    if (head < first) {
      // It can be read while its state cannot be proven yet.
      early ??=
        head + 1n === first
          ? readEarly(context, { from: first, to: first, parentHash: cursor?.hash }, signal)
          : undefined;
      await newBlocks.wait(config.pollMilliseconds, signal);
      continue;
    }
    const to = head - first < range ? head : first + range - 1n;
    const known = first === to ? await early : undefined;
    early = undefined;
    const answer =
      known ??
      (await unlessAborted(readFromAny(context, { from: first, to, parentHash: cursor?.hash }, signal), signal));
    if (answer === undefined) return;
    if (!answer.ok && first < to) {
      // It may be kept in part.
      range = (to - first + 1n) / 2n;
      continue;
    }
    const watched = answer.ok ? indexed(first, answer) : await gap(context, first, answer.why, signal);
    range = range * 2n > most ? most : range * 2n;
    cursor = watched.cursor;
    yield watched;
  }
}

function indexed(from: bigint, { last, events }: Extract<RangeAnswer, { ok: true }>): Watched {
  const cursor = { height: last.height, hash: last.hash };
  return { kind: "indexed", from, to: last.height, cursor, timestamp: last.timestamp, events };
}

/** Up to the first block that any endpoint keeps; or of this block alone, when it is its events that nobody keeps. */
async function gap(context: ChainContext, from: bigint, why: string, signal: AbortSignal): Promise<Watched> {
  const { endpoints } = context;
  const answers = await Promise.allSettled(endpoints.endpoints.map((endpoint) => getLowestHeight(endpoint, signal)));
  const kept = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const lowest = kept.reduce((least, each) => (each < least ? each : least), kept[0] ?? from);
  if (lowest <= from) {
    const [header] = await endpoints.use((endpoint) => getHeaders(endpoint, { from, to: from }, signal));
    return { kind: "gap", from, to: from, cursor: { height: from, hash: header?.hash ?? "" }, why };
  }
  // The block is gone, and the next one has its hash.
  const [next] = await endpoints.use((endpoint) => getHeaders(endpoint, { from: lowest, to: lowest }, signal));
  return { kind: "gap", from, to: lowest - 1n, cursor: { height: lowest - 1n, hash: next?.parentHash ?? "" }, why };
}

/**
 * No proof says which chain an endpoint follows: those that have the block, too, have to agree. One whose blocks do not follow what was seen
 * before has no say.
 */
async function requireSameBlock(
  endpoints: Pool<CometEndpoint>,
  { from, parentHash }: RangeRequest,
  last: BlockHeader,
  signal: AbortSignal,
): Promise<void> {
  if (endpoints.endpoints.length === 1) return;
  await Promise.all(
    endpoints.endpoints.map(async (endpoint) => {
      const header = await headerOrNothing(endpoint, last.height, signal);
      if (header === undefined || header.hash === last.hash) return;
      const disagreement = new CausewayError(
        "RPC_BAD_ANSWER",
        `endpoints disagree about block ${last.height}: ${endpoint.name} has ${header.hash}, another has ${last.hash}`,
        { context: { endpoint: endpoint.name, height: last.height } },
      );
      const first = await headerOrNothing(endpoint, from, signal);
      if (parentHash === undefined || first?.parentHash === parentHash) throw disagreement;
      endpoints.blame(endpoint, disagreement);
    }),
  );
}

async function headerOrNothing(
  endpoint: CometEndpoint,
  height: bigint,
  signal: AbortSignal,
): Promise<BlockHeader | undefined> {
  try {
    return (await getHeaders(endpoint, { from: height, to: height }, signal))[0];
  } catch (error) {
    if (!isCausewayError(error) || error.code === "CANCELLED") throw error;
    return undefined;
  }
}

/** The newest block, before it is wanted. Undefined when that fails, for whatever reason: then it is read when it is. */
async function readEarly(
  context: ChainContext,
  request: RangeRequest,
  signal: AbortSignal,
): Promise<RangeAnswer | undefined> {
  try {
    const answer = await readFromAny(context, request, signal);
    return answer.ok ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Another endpoint is asked when one does not keep it, and before a changed block is believed. */
async function readFromAny(context: ChainContext, request: RangeRequest, signal: AbortSignal): Promise<RangeAnswer> {
  const { endpoints } = context;
  const { answer, isUnanimous } = await endpoints.consult(
    async (endpoint) => {
      try {
        return await readRange(context, endpoint, request, signal);
      } catch (error) {
        if (isCausewayError(error) && error.code === "DEEP_REORG") return error;
        throw error;
      }
    },
    (given) => !isCausewayError(given) && given.ok,
  );
  if (!isCausewayError(answer)) {
    if (answer.ok) await requireSameBlock(endpoints, request, answer.last, signal);
    return answer;
  }
  if (isUnanimous) throw answer;
  throw new CausewayError("RPC_BAD_ANSWER", answer.message, { context: answer.context, cause: answer });
}
