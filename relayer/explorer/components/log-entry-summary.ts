// What a log entry says, in a line.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { logEntry } from "#sdk/evidence/log-entry.ts";
import type { LogEntry } from "#sdk/evidence/log-entry.ts";
import type { LogEntryView } from "#sdk/api/views.ts";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import { chip } from "./chip.ts";
import { untrustedText } from "./untrusted-text.ts";

/** Undefined for an entry of a kind that is not known here. */
export const knownEntry = (view: LogEntryView): LogEntry | undefined => logEntry.safeParse(view.entry).data;

const BECAME = {
  delivered: () => chip("good", "done", "outcome: delivered"),
  already: () => chip("good", "done", "outcome: delivered already"),
  refused: () => chip("warn", "held", "outcome: refused"),
  left: () => chip("moving", "moving", "outcome: left for the next transaction"),
} as const;

/** What became of one of a batch's packets, when it is asked about one. */
function outcomeChip(
  { messages, deliveries }: Extract<LogEntry, { kind: "outcome" }>,
  packet: string | undefined,
): VNode {
  const position = messages.findIndex((message) => formatPacketId(message) === packet);
  const delivery = deliveries[position];
  if (delivery !== undefined) return BECAME[delivery.status]();
  const refused = deliveries.filter(({ status }) => status === "refused").length;
  if (refused === 0) return BECAME.delivered();
  return refused === deliveries.length ? BECAME.refused() : chip("warn", "held", "outcome: some refused");
}

/** `packet`: the only one that matters; all of the entry's when absent. */
export function entryChip(entry: LogEntry | undefined, packet?: string): VNode {
  if (entry === undefined) return chip("plain", "unknown", "unknown kind");
  if (entry.kind === "verdict")
    return entry.verdict.ok ? chip("good", "done", "verdict: accepted") : chip("bad", "failed", "verdict: refused");
  if (entry.kind === "intent") return chip("moving", "moving", "intent");
  return entry.kind === "control" ? chip("plain", "now", "control") : outcomeChip(entry, packet);
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? "" : "s"}`;

export function entrySummary(entry: LogEntry | undefined): VNode {
  if (entry === undefined) return html`<span>An entry of a kind that this explorer does not know.</span>`;
  if (entry.kind === "control") return html`<span>${untrustedText(entry.event)}</span>`;
  const part = entry.part === undefined ? "" : ` (of ${entry.part.of} that travel together)`;
  const of = html`${count(entry.messages.length, "message")}${part} of ${untrustedText(entry.sourceChain)} for
  ${untrustedText(`${entry.targetChain}/${entry.clientId}`)}`;
  if (entry.kind === "verdict")
    return entry.verdict.ok
      ? html`<span>The evidence holds at height ${entry.verdict.height}: ${of}.</span>`
      : html`<span
          >The evidence does not hold, ${entry.verdict.reason} at ${untrustedText(entry.verdict.at)}: ${of}.</span
        >`;
  if (entry.kind === "intent") return html`<span>About to sign a transaction with ${of}.</span>`;
  return entry.transaction === undefined
    ? html`<span>Nothing had to be sent: ${of}.</span>`
    : html`<span>Included at height ${entry.transaction.height}: ${of}.</span>`;
}
