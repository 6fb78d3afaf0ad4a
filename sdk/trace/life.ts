// One packet's facts arranged for the rules: who and what, which events there are, and whether its time is over.
import { hexToBytes } from "@noble/hashes/utils.js";
import { isErrorAcknowledgement } from "#adapters/protocol/acknowledgement.ts";
import { TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import type { DeliveryView } from "../api/views.ts";
import type { EventFacts, TraceFacts } from "./facts.ts";
import { plain, short } from "./plain.ts";
import type { Leg } from "./states.ts";
import { clock } from "./time.ts";

export interface Life {
  readonly facts: TraceFacts;
  readonly now: number;
  readonly id: string;
  readonly source: string;
  readonly destination: string;
  readonly sent: EventFacts | undefined;
  /** The event that says it was received, or that it was answered at once. */
  readonly received: EventFacts | undefined;
  readonly answered: EventFacts | undefined;
  /** Acknowledged or timed out at its source. */
  readonly settled: EventFacts | undefined;
  /** The answer is that it was refused. */
  readonly isRefused: boolean;
  /** Whether it carries tokens, which go back when it is not received. */
  readonly carriesTokens: boolean;
  /** Infinity while nobody said. */
  readonly timeout: number;
  /** By the destination's own clock it cannot be received any more. */
  readonly isOver: boolean;
}

export function lifeOf(facts: TraceFacts & { packet: NonNullable<TraceFacts["packet"]> }): Life {
  const { packet, events, acknowledgements } = facts;
  const find = (kind: EventFacts["kind"]) => events.find((event) => event.kind === kind);
  const answered = find("acknowledgementWritten");
  const timeout = packet.timeoutTimestamp === null ? Number.POSITIVE_INFINITY : Number(packet.timeoutTimestamp);
  return {
    facts,
    now: facts.now,
    id: packet.id,
    source: packet.sourceChain,
    destination: packet.destinationChain ?? "the destination",
    sent: find("sent"),
    received: find("received") ?? answered,
    answered,
    settled: find("acknowledged") ?? find("timedOut"),
    isRefused: acknowledgements !== null && isErrorAcknowledgement(acknowledgements.map(hexToBytes)),
    carriesTokens: packet.payloads?.some(({ sourcePort }) => sourcePort === TRANSFER_PORT) ?? false,
    timeout,
    isOver: (facts.chains.destination?.timestamp ?? facts.read.destination?.timestamp ?? 0) >= timeout,
  };
}

/** What a leg brings, for sentences: "… and the refund is on its way". */
export function cargo({ carriesTokens }: Life, leg: Leg): string {
  if (leg === "receive") return "packet";
  if (leg === "acknowledge") return "acknowledgement";
  return carriesTokens ? "refund" : "answer to its sender";
}

/** Why its receiver refused it, if anybody can say: "reverted with …". */
export function refusal({ facts, destination }: Life): string {
  if (facts.refusal === null) return `the receiver on ${destination} refused it without a reason that could be read`;
  const tried = facts.refusal.by === "trial" ? " when it is tried again" : "";
  return `the receiver on ${destination} reverted with ${plain(facts.refusal.reason)}${tried}`;
}

/** Where a leg begins, as the first half of a sentence. */
export function begun(life: Life, leg: Leg): string {
  const { source, destination, timeout, now } = life;
  switch (leg) {
    case "receive":
      return `The packet is final on ${source}`;
    case "acknowledge":
      return `The packet was received on ${destination}${byAnother(life) ? ` from another relayer` : ""}`;
    case "refund":
      return capital(refusal(life));
    case "timeout":
      return `The packet timed out on ${destination} at ${clock(timeout, now)} without being received`;
  }
}

export const byAnother = ({ received }: Life): boolean => received?.byUs === false;

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export const inTransaction = ({ transaction, chain }: { transaction: string; chain: string }): string =>
  `transaction ${short(transaction)} of ${chain}`;

export interface Way {
  readonly leg: Leg;
  /** The leg's name in the relayer's tables. */
  readonly table: DeliveryView["leg"];
  /** Which chain judges. */
  readonly end: "source" | "destination";
  readonly target: string;
  /** The chain the proof is about. */
  readonly provenFrom: string;
  /** Names the light client that judges, `chain/client`. */
  readonly lane: string;
  readonly delivery: DeliveryView | undefined;
}

export function wayOf(life: Life, leg: Leg): Way {
  const { facts, source, destination } = life;
  const table = leg === "refund" ? "acknowledge" : leg;
  const forth = leg === "receive";
  const end = forth ? "destination" : "source";
  const [target, client] = forth
    ? [destination, facts.packet?.destinationClient ?? "its light client"]
    : [source, facts.packet?.sourceClient ?? "its light client"];
  return {
    leg,
    table,
    end,
    target,
    provenFrom: forth ? source : destination,
    lane: `${target}/${client}`,
    delivery: facts.deliveries.find((delivery) => delivery.leg === table),
  };
}

/** What happens if nothing changes before the timeout; empty when nobody knows it or it is over. */
export function otherwise({ timeout, now, carriesTokens }: Life): string {
  if (clock(timeout, now) === "never" || timeout <= now) return "";
  return carriesTokens
    ? `; else it times out at ${clock(timeout, now)} and its tokens go back`
    : `; else it times out at ${clock(timeout, now)}`;
}
