// Stage 4 beside the event loop: large evidence is judged in a thread, so that other lanes go on meanwhile. Bytes in, verdict out:
// the thread runs the same pure verifier, holds nothing between two judgements, and no answer of it is no verdict.
import { Worker } from "node:worker_threads";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Verdict } from "#adapters/protocol/verdict.ts";
import type { Judge } from "#relayer/open-chains.ts";
import type { VerifierWork } from "./verifier-work.ts";

export interface VerifierThread {
  /** Throws VERIFIER_FAILED when there was no verdict: the thread ended or took too long. CANCELLED when it is closed. */
  readonly judge: Judge;
  close(): Promise<void>;
}

export interface VerifierThreadOptions {
  /** Module whose `verifierOf` knows the families' verifiers by name. */
  readonly verifiers: string;
  readonly logger: Logger;
  /** Evidence of up to so many bytes is judged where it is: it takes milliseconds. */
  readonly smallBytes?: number;
  readonly patienceSeconds?: number;
}

const SMALL_BYTES = 16_384;
const PATIENCE_SECONDS = 60;
/** Verifiers need some ten megabytes; evidence that takes all of this ends the thread, and not the relayer. */
const LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 } as const;

const failed = (why: string): CausewayError =>
  new CausewayError("VERIFIER_FAILED", `the thread that judges evidence gave no verdict: ${why}`);

/** The thread starts with the first evidence that needs it, and again after it ended. One judgement at a time. */
export function openVerifierThread(options: VerifierThreadOptions): VerifierThread {
  const { verifiers, logger, smallBytes = SMALL_BYTES, patienceSeconds = PATIENCE_SECONDS } = options;
  let thread: Worker | undefined;
  let asking: PromiseWithResolvers<Verdict> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const start = (): Worker => {
    const started = new Worker(new URL("verifier-work.ts", import.meta.url), {
      name: "verifier",
      workerData: { verifiers },
      resourceLimits: LIMITS,
    });
    // What was given up may still speak: its words are about something else than what is asked now.
    const current = (): PromiseWithResolvers<Verdict> | undefined => (thread === started ? asking : undefined);
    started.on("message", (verdict: Verdict) => current()?.resolve(verdict));
    started.on("messageerror", ({ message }) => current()?.reject(failed(message)));
    started.on("error", (error) => current()?.reject(failed((error as Error).message)));
    started.on("exit", (code) => {
      current()?.reject(failed(`it ended with ${code}`));
      if (thread === started) thread = undefined;
    });
    // Nothing of it may keep the process.
    started.unref();
    return started;
  };

  const judgeBeside = async (work: VerifierWork): Promise<Verdict> => {
    if (closed) throw new CausewayError("CANCELLED", "the relayer stops");
    thread ??= start();
    const worker = thread;
    asking = Promise.withResolvers<Verdict>();
    const patience = setTimeout(() => asking?.reject(failed(`none in ${patienceSeconds} s`)), patienceSeconds * 1000);
    try {
      // Copied, not handed over: the bytes are logged afterwards.
      worker.postMessage(work, []);
      return await asking.promise;
    } catch (error) {
      if (thread === worker) thread = undefined;
      await worker.terminate();
      if (closed) throw new CausewayError("CANCELLED", "the relayer stops", { cause: error });
      const { family, envelope } = work;
      logger.warn({ family, bytes: envelope.length, error: (error as Error).message }, "evidence was not judged");
      throw error;
    } finally {
      clearTimeout(patience);
      asking = undefined;
    }
  };

  return {
    async judge({ family, verify }, input) {
      if (input.envelope.length <= smallBytes) return verify(input);
      const turn = last.then(() => judgeBeside({ family, ...input }));
      last = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      closed = true;
      await thread?.terminate();
      await last;
    },
  };
}
