// Asks chains within bounds: what does not answer in time, or fails, is written down as unread instead of ending the search.
import type { Chain } from "#adapters/adapter.ts";
import type { ChainId } from "#adapters/chain-id.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { TraceFacts } from "#sdk/trace/facts.ts";
import type { TraceWorld } from "./world.ts";

type Unread = TraceFacts["unread"][number];

export interface Asking {
  readonly signal: AbortSignal;
  readonly unread: readonly Unread[];
  /** Undefined when the chain is not configured, cannot be opened, fails or is too slow: then it is noted. */
  ask<T>(chain: ChainId, what: Unread["what"], question: (chain: Chain) => Promise<T>): Promise<T | undefined>;
  note(unread: Unread): void;
}

const reasonOf = (error: unknown): string =>
  isCausewayError(error) ? `${error.code}: ${error.message}` : "it failed in an unexpected way";

/** The answer, or a rejection as soon as the signal aborts: not every question listens to it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new TypeError("too slow"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

export function openAsking({ chains }: TraceWorld, signal: AbortSignal): Asking {
  const unread: Unread[] = [];
  const note = (one: Unread): void => {
    if (!unread.some(({ chain, what }) => chain === one.chain && what === one.what)) unread.push(one);
  };
  return {
    signal,
    unread,
    note,
    async ask(chainId, what, question) {
      const traced = chains.find((chain) => chain.chainId === chainId);
      if (traced === undefined) return undefined;
      if (traced.opened === undefined) {
        note({ chain: chainId, what: "chain", why: traced.why });
        return undefined;
      }
      const work = question(traced.opened);
      try {
        return await unlessAborted(work, signal);
      } catch (error) {
        work.catch(() => undefined);
        note({ chain: chainId, what, why: signal.aborted ? "it did not answer in time" : reasonOf(error) });
        return undefined;
      }
    },
  };
}
