// Where a relayer under test kills itself (SIGKILL: no handler runs) or freezes (SIGSTOP), so that it is at the same instant every time.
import type { Chain } from "#adapters/adapter.ts";
import type { Family } from "#relayer/family.ts";
import type { Listener } from "#relayer/events.ts";

/**
 * watch: packets were stored; prove: while proving; queue: a batch was stored, no job added; verify: a verdict was given,
 * not logged; submit: while the transaction is on its way; included: the transaction was included, its result not stored;
 * log: an entry was appended.
 */
export const KILL_POINTS = ["watch", "prove", "queue", "verify", "submit", "included", "log"] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** What the child process is told, as JSON in its first argument. */
export interface KillAt {
  readonly point: KillPoint;
  /** Which occurrence: 1 is the first. */
  readonly nth: number;
  /** Default SIGKILL. */
  readonly signal?: "SIGKILL" | "SIGSTOP";
}

export function killer(at: KillAt | undefined): { listener: Listener; wrap: (family: Family) => Family } {
  let left = at?.nth ?? 0;
  const die = (): void => {
    process.kill(process.pid, at?.signal ?? "SIGKILL");
  };
  const reach = (point: KillPoint, how: () => void = die): void => {
    if (at?.point !== point) return;
    left -= 1;
    if (left === 0) how();
  };
  const wrapChain = (chain: Chain): Chain => ({
    ...chain,
    source: {
      ...chain.source,
      prove(request, signal) {
        if (request.claims.length > 0) reach("prove", () => setTimeout(die, 1));
        return chain.source.prove(request, signal);
      },
    },
    target: {
      ...chain.target,
      submit(batch, signal) {
        if (batch.messages.length > 0) reach("submit", () => setTimeout(die, 5));
        return chain.target.submit(batch, signal);
      },
    },
  });
  return {
    listener(event) {
      if (event.type === "watched" && event.events > 0) reach("watch");
      if (event.type === "proved") reach("queue");
      if (event.type === "verified") reach("verify");
      if (event.type === "submitted") reach("included");
      if (event.type === "logged") reach("log");
    },
    wrap: (family) => ({
      ...family,
      open: async (config, dependencies) => wrapChain(await family.open(config, dependencies)),
    }),
  };
}
