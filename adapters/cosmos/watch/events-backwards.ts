// All packet events from the newest block backwards, as far as an endpoint keeps blocks.
import type { Stretch } from "#adapters/lookup.ts";
import { inParallel } from "../../rpc/in-parallel.ts";
import type { ChainContext } from "../context.ts";
import { getHeaders } from "../rpc/block.ts";
import { getHeight, getLowestHeight } from "../rpc/head.ts";
import { getPacketEvents } from "./block-events.ts";

const PARALLEL_BLOCKS = 8;

/** Throws what the endpoints throw when none serves a stretch. */
export async function* eventsBackwards(context: ChainContext, signal?: AbortSignal): AsyncGenerator<Stretch> {
  const { config, endpoints } = context;
  const width = BigInt(config.blocksPerFetch);
  let to = await endpoints.use((endpoint) => getHeight(endpoint, signal));
  const kept = await endpoints.use((endpoint) => getLowestHeight(endpoint, signal));
  const first = kept > BigInt(config.fromHeight) ? kept : BigInt(config.fromHeight);
  while (to >= first) {
    const from = to - first < width ? first : to - width + 1n;
    const range = { from, to };
    yield await endpoints.use(async (endpoint) => {
      const headers = await getHeaders(endpoint, range, signal);
      const events = await inParallel(headers, PARALLEL_BLOCKS, (header) =>
        getPacketEvents(context, endpoint, header, signal),
      );
      return { ...range, timestamp: headers[0]?.timestamp ?? 0n, events: events.flat().toReversed() };
    });
    to = from - 1n;
  }
}
