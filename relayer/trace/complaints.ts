// What applications had against a packet: why its receiver refused it, or which application cannot take what is brought to it.
import type { ChainId } from "#adapters/chain-id.ts";
import type { Message } from "#adapters/message.ts";
import { isErrorAcknowledgement } from "#adapters/protocol/acknowledgement.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import type { EventFacts, TraceFacts } from "#sdk/trace/facts.ts";
import type { Asking } from "./asking.ts";

export interface Course {
  readonly packet: Packet;
  readonly source: ChainId;
  readonly destination: ChainId;
  readonly events: readonly EventFacts[];
  readonly acknowledgements: readonly Uint8Array[] | undefined;
  readonly deliveries: TraceFacts["deliveries"];
  readonly told: TraceFacts["told"];
  /** By the destination's clock its time is over. */
  readonly isOver: boolean;
}

type Complaints = Pick<TraceFacts, "refusal" | "failure">;

export async function readComplaints(asking: Asking, course: Course): Promise<Complaints> {
  const { acknowledgements } = course;
  const isRefused = acknowledgements !== undefined && isErrorAcknowledgement(acknowledgements);
  const refusal = isRefused ? await readRefusal(asking, course) : null;
  return { refusal, failure: await readFailure(asking, course) };
}

const sentAt = ({ events }: Course): bigint => BigInt(events.find(({ kind }) => kind === "sent")?.timestamp ?? 0);

async function readRefusal(asking: Asking, course: Course): Promise<Complaints["refusal"]> {
  const { packet, destination, events } = course;
  const answered = events.find(({ kind }) => kind === "acknowledgementWritten");
  if (answered === undefined) return null;
  const query = {
    message: { kind: "receive", packet },
    answeredAt: BigInt(answered.height),
    since: sentAt(course),
  } as const;
  const found = await asking.ask(destination, "reason", ({ lookup }) => lookup.complaint(query, asking.signal));
  return found?.reason === undefined ? null : { reason: found.reason, by: found.by };
}

/** Only what was tried can have failed: of a relayer's delivery its row says so, else the chain's record is looked at. */
async function readFailure(asking: Asking, course: Course): Promise<Complaints["failure"]> {
  const message = openMessage(course);
  if (message === undefined) return null;
  const delivery = course.deliveries.find(({ leg }) => leg === message.kind);
  if (course.told === "relayer" && delivery?.errorCode !== "TRANSACTION_REVERTED") return null;
  const chain = message.kind === "receive" ? course.destination : course.source;
  const query = { message, since: sentAt(course) };
  const found = await asking.ask(chain, "reason", ({ lookup }) => lookup.complaint(query, asking.signal));
  return found?.what === "failed" ? { leg: message.kind, reason: found.reason ?? null } : null;
}

/** What has to be delivered next. */
function openMessage({ packet, events, acknowledgements, isOver }: Course): Message | undefined {
  const has = (kind: EventFacts["kind"]): boolean => events.some((event) => event.kind === kind);
  if (has("acknowledged") || has("timedOut")) return undefined;
  if (acknowledgements !== undefined) return { kind: "acknowledge", packet, acknowledgements };
  if (has("received")) return undefined;
  return isOver ? { kind: "timeout", packet } : { kind: "receive", packet };
}
