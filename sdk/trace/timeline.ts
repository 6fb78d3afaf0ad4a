// The steps of a packet's life, with where each happened and what is expected of the rest.
import type { EventFacts } from "./facts.ts";
import type { Life } from "./life.ts";
import type { TimelineStep } from "./explanation.ts";
import type { Said } from "./said.ts";

type Status = TimelineStep["status"];

export function timelineOf(life: Life, said: Said): readonly TimelineStep[] {
  const { sent, received, answered, settled, source, destination, isRefused, facts } = life;
  const isTimeout = settled?.kind === "timedOut" || (received === undefined && life.isOver);
  const isFinal = sent?.final ?? (received !== undefined || settled !== undefined);
  const steps: {
    name: TimelineStep["name"];
    chain: string;
    event: EventFacts | undefined;
    done: boolean;
    failed?: boolean;
    at?: number | null;
  }[] = [
    { name: "sent", chain: source, event: sent, done: true },
    {
      name: "final",
      chain: source,
      event: undefined,
      done: isFinal,
      at: isFinal ? (sent?.readAt ?? null) : (sent?.finalAt ?? null),
    },
    ...(isTimeout
      ? [
          {
            name: "timedOut" as const,
            chain: source,
            event: settled,
            done: settled !== undefined,
            at: facts.timeoutFinalAt,
          },
        ]
      : [
          { name: "received" as const, chain: destination, event: received, done: received !== undefined },
          {
            name: "answered" as const,
            chain: destination,
            event: answered,
            done: answered !== undefined,
            failed: isRefused,
          },
          { name: "acknowledged" as const, chain: source, event: settled, done: settled !== undefined },
        ]),
  ];
  const current = steps.findIndex(({ done }) => !done);
  return steps.map(({ name, chain, event, done, failed = false, at = null }, index) => ({
    name,
    chain,
    status: statusOf(done, failed, index === current),
    at: event?.timestamp ?? at ?? (index === current ? said.expectedAt : null),
    height: event?.height ?? (name === "final" ? (sent?.height ?? null) : null),
    transaction: event?.transaction ?? null,
  }));
}

function statusOf(done: boolean, failed: boolean, isCurrent: boolean): Status {
  if (done) return failed ? "failed" : "done";
  return isCurrent ? "now" : "next";
}
