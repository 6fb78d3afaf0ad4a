// A chain that does not answer when the relayer starts: the others are served meanwhile, and it is as soon as it can be opened.
import { setTimeout as delay } from "node:timers/promises";
import type { Chain } from "#adapters/adapter.ts";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";

export interface LateOptions {
  readonly chainId: string;
  readonly open: () => Promise<Chain>;
  readonly logger: Logger;
  /** Aborts when nobody waits for the chain any more. */
  readonly signal: AbortSignal;
  /** Milliseconds that the others wait for it; default 5,000. */
  readonly patience?: number | undefined;
}

export interface MaybeLate {
  readonly chain: Chain;
  /** Why it could not be opened yet; absent too when it only takes long. */
  readonly problem?: CausewayError;
}

const PATIENCE_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Throws what no waiting helps against. */
export async function openOrWait(options: LateOptions): Promise<MaybeLate> {
  const { chainId, open, patience = PATIENCE_MS, logger } = options;
  const opening = open();
  const waiting = new AbortController();
  const late = delay(patience, undefined, { signal: waiting.signal }).catch(() => undefined);
  try {
    const chain = await Promise.race([opening, late]);
    if (chain !== undefined) return { chain };
    logger.warn({ chain: chainId }, "a chain takes long to open: the others are served meanwhile");
    return {
      chain: lateChain(options, opening, new CausewayError("RPC_UNREACHABLE", `${chainId} has not answered yet`)),
    };
  } catch (error) {
    if (!isCausewayError(error) || error.retry !== "later") throw error;
    logger.warn(
      { chain: chainId, code: error.code, error: error.message },
      "a chain cannot be opened: it is tried again",
    );
    return { chain: lateChain(options, undefined, error), problem: error };
  } finally {
    waiting.abort();
  }
}

/** Until it is opened, everything that is asked of it fails with the reason. */
function lateChain(options: LateOptions, begun: Promise<Chain> | undefined, first: CausewayError): Chain {
  const { chainId, open, logger } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  let problem = first;
  let opened: Chain | undefined;

  const failed = (raised: unknown): void => {
    const error = isCausewayError(raised)
      ? raised
      : new CausewayError("RPC_BAD_ANSWER", (raised as Error).message, { cause: raised });
    if (error.code !== problem.code)
      logger.warn({ chain: chainId, code: error.code, error: error.message }, "a chain cannot be opened yet");
    problem = error;
  };

  const keepTrying = async (): Promise<void> => {
    for (let round = 0, next = begun; ; round += 1, next = undefined) {
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** round);
      if (next === undefined) await delay(pause, undefined, { signal }).catch(() => undefined);
      try {
        if (signal.aborted && next === undefined) return;
        const chain = await (next ?? open());
        if (!signal.aborted) {
          opened = chain;
          logger.info({ chain: chainId }, "the chain is open now");
        } else await chain.close();
        return;
      } catch (error) {
        failed(error);
      }
    }
  };
  void keepTrying();

  /** For callers that await, and for those that iterate. */
  const refuse = (): Promise<never> => {
    const refused = Promise.reject(problem);
    refused.catch(() => undefined);
    return Object.assign(refused, { [Symbol.asyncIterator]: () => ({ next: () => refused }) });
  };

  const role = <Role extends "source" | "target" | "admin" | "apps" | "lookup">(name: Role): Chain[Role] =>
    new Proxy({} as Chain[Role], {
      get: (_, member) => (opened === undefined ? refuse : (Reflect.get(opened[name], member) as unknown)),
    });

  return {
    chainId,
    source: role("source"),
    target: role("target"),
    admin: role("admin"),
    apps: role("apps"),
    lookup: role("lookup"),
    health: () => (opened === undefined ? refuse() : opened.health()),
    /** What is being opened is closed when it is open: nobody waits for that. */
    async close() {
      ending.abort();
      await opened?.close();
    },
  };
}
