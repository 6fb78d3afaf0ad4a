// One packet's life as the relayer's tables tell it: which leg is where, and how long each stage took.
import type { DeliveryView, PacketView } from "#sdk/api/views.ts";

export interface LegLife {
  readonly leg: DeliveryView["leg"];
  /** The stage it is in, or "delivered". */
  readonly status: string;
  readonly transaction: string | null;
  /** What holds it up at the moment. */
  readonly waiting: string | undefined;
  /** Seconds spent in each stage that was left; `watch` counts from what caused the leg. */
  readonly stages: Readonly<Record<string, number>>;
}

export interface PacketLife {
  readonly legs: readonly LegLife[];
  /** Delivered and acknowledged, both included on their chains and logged. */
  readonly finished: boolean;
  /** Seconds from sending to the end of the last leg, or so far. */
  readonly seconds: number;
}

const STAGES = [
  ["watch", "provingAt"],
  ["prove", "queuedAt"],
  ["queue", "verifyingAt"],
  ["verify", "submittingAt"],
  ["submit", "loggingAt"],
  ["log", "closedAt"],
] as const;

const millis = (iso: string | null): number | undefined => (iso === null ? undefined : Date.parse(iso));

function stagesOf(delivery: DeliveryView, since: number): Record<string, number> {
  const stages: Record<string, number> = {};
  let entered = since;
  for (const [stage, leftAt] of STAGES) {
    const left = millis(delivery[leftAt]);
    if (left === undefined || left < entered) break;
    stages[stage] = (left - entered) / 1000;
    entered = left;
  }
  return stages;
}

/** `sentAt` and `now`: Unix milliseconds. */
export function packetLife(view: PacketView | undefined, sentAt: number, now: number): PacketLife {
  let since = sentAt;
  const legs = (view?.deliveries ?? [])
    .filter(({ status }) => status !== "obsolete")
    .map((delivery): LegLife => {
      const stages = stagesOf(delivery, since);
      since = millis(delivery.closedAt) ?? since;
      return {
        leg: delivery.leg,
        status: delivery.status,
        transaction: delivery.transaction,
        stages,
        waiting:
          delivery.errorCode === null
            ? delivery.waitHeight === null
              ? undefined
              : `finality of height ${delivery.waitHeight}`
            : `${delivery.errorCode}: ${delivery.error ?? ""}`,
      };
    });
  const isDelivered = (leg: DeliveryView["leg"]): boolean =>
    legs.some((one) => one.leg === leg && one.status === "delivered");
  const finished = isDelivered("receive") && isDelivered("acknowledge");
  return { legs, finished, seconds: ((finished ? since : now) - sentAt) / 1000 };
}
