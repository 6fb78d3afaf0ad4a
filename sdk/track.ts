// Follows one packet: yields where it stands whenever that changes, until its life is over.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Api } from "./api/client.ts";
import { listen, pause } from "./api/listen.ts";
import { explainPacket, readPacket } from "./api/reads.ts";
import type { PacketParameters } from "./api/reads.ts";
import type { PacketView } from "./api/views.ts";
import type { Explanation } from "./trace/explanation.ts";

export interface TrackedPacket {
  readonly id: string;
  /** As the relayer knows it; null while it does not know it yet: it reads only what is final. */
  readonly packet: PacketView | null;
  /** One sentence on where it stands and why, and what comes next; null when the relayer cannot say. */
  readonly explanation: Explanation | null;
  /** Acknowledged or timed out, and the relayer has logged all it did for it. */
  readonly finished: boolean;
}

/** Between two looks while the relayer tells changes: for what changes without being told, such as time itself. */
const TOLD_MS = 10_000;
/** And while it does not. */
const ASKING_MS = 2_000;
/** Failures in a row that a relayer is forgiven: some minutes. */
const MAX_FAILURES = 30;

/**
 * Waits for changes as server-sent events, reconnects when they are cut off, and asks when there are none. Once a look succeeded, outages of
 * the relayer are waited out; API_UNREACHABLE only after minutes. Throws NOT_AUTHORIZED, INVALID_ARGUMENT and API_BAD_ANSWER at once, and
 * CANCELLED when the signal aborts.
 */
export async function* track(api: Api, { id, signal }: PacketParameters): AsyncGenerator<TrackedPacket> {
  const ended = new AbortController();
  const stop = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  let [told, changed, wake] = [false, false, (): void => undefined];
  const onChange = (): void => {
    changed = true;
    wake();
  };
  const listening = listen(api, { packet: id }, { onChange, onConnection: (connected) => (told = connected) }, stop);
  try {
    let [shown, failures]: [string | undefined, number] = [undefined, 0];
    for (;;) {
      changed = false;
      const look = await lookAt(api, id, stop).catch((error: unknown) => {
        failures += 1;
        const mayWait = isCausewayError(error) && error.code === "API_UNREACHABLE" && shown !== undefined;
        if (!mayWait || failures > MAX_FAILURES) throw error;
        return undefined;
      });
      if (look !== undefined) {
        failures = 0;
        const stands = standsAt(look);
        if (stands !== shown) yield look;
        shown = stands;
        if (look.finished) return;
      }
      if (!changed) {
        const early = new AbortController();
        wake = () => early.abort();
        await pause(told ? TOLD_MS : ASKING_MS, AbortSignal.any([stop, early.signal]));
      }
      if (signal?.aborted === true)
        throw new CausewayError("CANCELLED", `${id} is not followed any further`, { hint: "follow it again" });
    }
  } finally {
    ended.abort();
    await listening;
  }
}

/** The relayer does not know yet, or has no such question: neither is an error while following. */
const absent = (error: unknown): null => {
  if (isCausewayError(error) && error.code === "NOT_FOUND") return null;
  throw error;
};

async function lookAt(api: Api, id: string, signal: AbortSignal): Promise<TrackedPacket> {
  const [packet, explanation] = await Promise.all([
    readPacket(api, { id, signal }).catch(absent),
    // It may have to ask a chain, which may not answer; what the relayer knows is worth showing without it.
    explainPacket(api, { id, signal }).catch((error: unknown) => {
      if (isCausewayError(error) && error.code === "CANCELLED") throw error;
      return null;
    }),
  ]);
  return { id, packet, explanation, finished: packet !== null && isFinished(packet) };
}

const isFinished = ({ status, acknowledgements, deliveries }: PacketView): boolean =>
  (status === "timedOut" || (status === "acknowledged" && acknowledgements !== null)) &&
  deliveries.every((delivery) => delivery.status === "delivered" || delivery.status === "obsolete");

/** What counts as a change: what the explanation is about, but not the seconds in it; without one, what the relayer is doing. */
const standsAt = ({ packet, explanation, finished }: TrackedPacket): string =>
  JSON.stringify([
    finished,
    packet?.status,
    explanation === null
      ? packet?.deliveries.map(({ leg, status, errorCode, waitHeight }) => [leg, status, errorCode, waitHeight])
      : [explanation.state, explanation.standing, explanation.timeline.map(({ name, status }) => [name, status])],
  ]);
