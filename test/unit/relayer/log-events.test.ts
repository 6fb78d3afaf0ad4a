// What an operator reads of forks ahead: when they are found, when they change, and once a day.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ForkAhead } from "#adapters/source-chain.ts";
import type { Logger } from "#adapters/logger.ts";
import type { Listener } from "#relayer/events.ts";
import { logEvents } from "#relayer/log-events.ts";

const DAY = 86_400_000;
let warnings: string[];
let listen: Listener;

beforeEach(() => {
  vi.useFakeTimers();
  warnings = [];
  const logger: Logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (fields, message) => warnings.push(`${message}: ${String((fields as { hint?: string }).hint)}`),
    error: () => undefined,
  };
  listen = logEvents(logger);
});
afterEach(() => {
  vi.useRealTimers();
});

const fork = (hasBegun: boolean): ForkAhead => ({
  name: "gloas",
  beginsAt: 1n,
  hasBegun,
  problem: hasBegun ? "it has begun" : "it is to begin",
  hint: "add it",
});
const see = (lane: string, ...ahead: ForkAhead[]): void => listen({ type: "forks", lane, ahead });

test("nothing is said while light clients know all there is", () => {
  see("one");
  see("other");
  expect(warnings).toEqual([]);
});

test("a fork is told once for each light client, with what to do", () => {
  for (const lane of ["one", "one", "other", "one"]) see(lane, fork(false));
  expect(warnings).toEqual(["it is to begin: add it", "it is to begin: add it"]);
});

test("it is told again when it has begun, and every day", () => {
  see("one", fork(false));
  vi.advanceTimersByTime(DAY - 1);
  see("one", fork(false));
  expect(warnings).toHaveLength(1);
  vi.advanceTimersByTime(1);
  see("one", fork(false));
  expect(warnings).toHaveLength(2);
  see("one", fork(true));
  expect(warnings.at(-1)).toBe("it has begun: add it");
});
