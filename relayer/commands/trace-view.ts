// A trace for people: what the packet is, its timeline, the sentence, what comes next, and who can do what. Nothing rests on colour.
import { hexToBytes } from "@noble/hashes/utils.js";
import { ABI_ENCODING, decodeTransferData, TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import { decodeMessageData, MESSAGE_PORT } from "#adapters/protocol/message-data.ts";
import type { TraceAnswer } from "#sdk/trace/answer.ts";
import type { TimelineStep } from "#sdk/trace/explanation.ts";
import { plain } from "#sdk/trace/plain.ts";
import { clock, duration } from "#sdk/trace/time.ts";

/** Lines are no longer than people read with ease. */
const WIDEST = 100;
const NARROWEST = 40;

export const widthOf = (columns: number | undefined): number =>
  Math.max(NARROWEST, Math.min(columns ?? WIDEST, WIDEST));

/** Broken at spaces; a longer word, an id to be copied, stays whole. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length + indent.length > width) {
      lines.push(`${indent}${line}`);
      line = word;
    } else line = longer;
  }
  return [...lines, `${indent}${line}`];
}

export function describeTrace({ facts, explanation }: TraceAnswer, toldBy: string, width: number): string {
  const { sentence, next, advice, timeline } = explanation;
  const steps = timeline.flatMap((step, index) =>
    describeStep(step, { now: facts.now, width, before: timeline[index - 1]?.transaction ?? null }),
  );
  return [
    ...describePacket(facts, width),
    ...(steps.length === 0 ? [] : ["", ...steps]),
    "",
    ...wrap(plainer(sentence), width),
    ...(next === null ? [] : wrap(plainer(next), width)),
    "",
    ...advice.flatMap(({ who, what }) => labelled(who, plainer(what), width)),
    "",
    ...wrap(`told by ${toldBy}, at ${clock(facts.now, facts.now)}`, width),
  ].join("\n");
}

/** Whoever told it is not believed to have left out what steers a terminal. */
const plainer = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");

const LABEL = 12;

function labelled(label: string, text: string, width: number): string[] {
  const [first = "", ...rest] = wrap(text, width, " ".repeat(LABEL + 2));
  return [`  ${label.padEnd(LABEL)}${first.trimStart()}`, ...rest];
}

function describePacket({ packet, id, others, now }: TraceAnswer["facts"], width: number): string[] {
  if (packet === null) return [plainer(id)];
  const { sourceChain, sourceClient, destinationChain, destinationClient, timeoutTimestamp, messageId } = packet;
  const timeout = timeoutTimestamp === null ? Number.NaN : Number(timeoutTimestamp);
  const left = timeout - now;
  const relative = left > 0 ? ` (in ${duration(left)})` : ` (${duration(left)} ago)`;
  return [
    plainer(packet.id),
    ...labelled("from", `${sourceChain}/${sourceClient}`, width),
    ...labelled("to", `${destinationChain ?? "unknown"}/${plain(destinationClient ?? "unknown")}`, width),
    ...(packet.payloads ?? []).flatMap((payload) => labelled("carries", describePayload(payload), width)),
    ...(messageId === null ? [] : labelled("message id", messageId, width)),
    ...(clock(timeout, now) === "never" ? [] : labelled("times out", `${clock(timeout, now)}${relative}`, width)),
    ...(others.length === 0
      ? []
      : labelled("beside", `${others.length} more of the same transaction: ${others.map(plainer).join(", ")}`, width)),
  ];
}

function describePayload({
  sourcePort,
  encoding,
  value,
}: NonNullable<NonNullable<TraceAnswer["facts"]["packet"]>["payloads"]>[number]): string {
  const bytes = hexToBytes(value);
  const transfer = sourcePort === TRANSFER_PORT && encoding === ABI_ENCODING ? decodeTransferData(bytes) : undefined;
  if (transfer !== undefined) {
    const memo = transfer.memo === "" ? "" : `, memo "${plain(transfer.memo)}"`;
    return `${transfer.amount} of ${plain(transfer.denom)} from ${plain(transfer.sender)} to ${plain(transfer.receiver)}${memo}`;
  }
  const message = sourcePort === MESSAGE_PORT && encoding === ABI_ENCODING ? decodeMessageData(bytes) : undefined;
  if (message !== undefined)
    return `a message of ${message.payload.length} bytes from ${plain(message.sender)} to ${plain(message.receiver)}`;
  return `${bytes.length} bytes for port ${plain(sourcePort)}`;
}

const MARKS: Readonly<Record<TimelineStep["status"], string>> = { done: "✓", now: "→", next: "·", failed: "✗" };
const NAMES: Readonly<Record<TimelineStep["name"], string>> = {
  sent: "sent",
  final: "final",
  received: "received",
  answered: "answered",
  acknowledged: "acknowledged",
  timedOut: "timed out",
};

interface Around {
  readonly now: number;
  readonly width: number;
  /** Of the step before: what one transaction did is not said twice. */
  readonly before: string | null;
}

function describeStep(
  { name, status, chain, at, height, transaction }: TimelineStep,
  { now, width, before }: Around,
): string[] {
  const block = height === null ? "" : `block ${height}`;
  const line = `  ${MARKS[status]} ${NAMES[name].padEnd(13)} ${plainer(chain).padEnd(14)} ${block.padEnd(14)} ${when(status, at, now)}`;
  const isNew = transaction !== null && transaction !== before;
  return [line.trimEnd().slice(0, width), ...(isNew ? [`    ${" ".repeat(13)} ${plainer(transaction)}`] : [])];
}

function when(status: TimelineStep["status"], at: number | null, now: number): string {
  if (status === "next") return "";
  if (at === null) return status === "now" ? "waiting" : "";
  if (status === "now")
    return at > now ? `expected in ${duration(at - now)}, ${clock(at, now)}` : `expected since ${clock(at, now)}`;
  return clock(at, now);
}

/** One line of `--follow`. */
export function describeChange({ facts, explanation }: TraceAnswer, width: number): string {
  const time = clock(facts.now, facts.now).slice(0, 8);
  const [first = "", ...rest] = wrap(plainer(explanation.sentence), width, " ".repeat(10));
  return [`${time}  ${first.trimStart()}`, ...rest].join("\n");
}
