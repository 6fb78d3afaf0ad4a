// Waiting that an abort ends early.
import { setTimeout as delay } from "node:timers/promises";
import { CausewayError } from "./protocol/error.ts";

/** Resolves after so many milliseconds, or as soon as the signal aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  try {
    await delay(milliseconds, undefined, { signal });
  } catch {
    // Aborted: the caller looks at the signal.
  }
}

/** What the work gives; undefined when it failed because the signal aborted. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** What the work gives, without waiting for it after the signal: then CANCELLED. For work that is not one caller's to end. */
export async function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const cancelled = Promise.withResolvers<never>();
  const cancel = (): void => cancelled.reject(new CausewayError("CANCELLED", "stopped while waiting for an endpoint"));
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await Promise.race([work, cancelled.promise]);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
