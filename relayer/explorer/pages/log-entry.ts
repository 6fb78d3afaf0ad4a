// One entry of the proof log, in full.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { hexToBytes } from "@noble/hashes/utils.js";
import type { LogEntry, LogMessage } from "#sdk/evidence/log-entry.ts";
import { logEntryView } from "#sdk/api/views.ts";
import { dataTable } from "../components/data-table.ts";
import type { Column } from "../components/data-table.ts";
import { factsList } from "../components/facts-list.ts";
import type { Fact } from "../components/facts-list.ts";
import { grouped } from "../components/amount.ts";
import { hashCode } from "../components/hash-code.ts";
import { entryChip, entrySummary, knownEntry } from "../components/log-entry-summary.ts";
import { readableText } from "../components/raw-bytes.ts";
import { untrustedText, visibleText } from "../components/untrusted-text.ts";
import { when } from "../components/when.ts";
import { pathOf } from "../site.ts";
import type { LoadPage } from "../page.ts";
import type { Site } from "../site.ts";
import { unknownPage } from "./problem.ts";

type Batch = Exclude<LogEntry, { kind: "control" }>;

function factsOf(entry: LogEntry, site: Site): readonly (Fact | null)[] {
  const logged: Fact = ["Logged", when(entry.time, site, { whole: true })];
  if (entry.kind === "control")
    return [
      logged,
      ...Object.entries(entry.detail ?? {}).map(([name, value]): Fact => [visibleText(name), untrustedText(value)]),
    ];
  const blob = (hash: string, what: string): VNode =>
    html`${hashCode(hash, what)} <a href=${`${site.api}/v1/log/blobs/${hash}`} download>download</a>`;
  return [
    logged,
    ["Evidence about", untrustedText(entry.sourceChain)],
    ["For light client", untrustedText(`${entry.targetChain}/${entry.clientId}`)],
    ["Batch", untrustedText(entry.batchId)],
    [entry.evidence === "misbehaviour" ? "Report" : "Envelope", blob(entry.envelope, "the envelope's hash")],
    entry.kind === "verdict" ? ["Trusted state", blob(entry.trusted, "the trusted state's hash")] : null,
    entry.kind === "verdict" ? ["Judged at", when(entry.now, site, { whole: true })] : null,
    entry.kind === "outcome" && entry.transaction !== undefined
      ? ["Transaction", hashCode(entry.transaction.id, "the transaction")]
      : null,
    entry.kind === "outcome" && entry.transaction !== undefined ? ["Fee", grouped(entry.transaction.fee)] : null,
  ];
}

const BECAME = { delivered: "delivered", already: "delivered already", left: "left for the next transaction" } as const;

const became = (entry: Batch, position: number): unknown => {
  const delivery = entry.kind === "outcome" ? entry.deliveries[position] : undefined;
  if (delivery === undefined) return null;
  return delivery.status === "refused" ? html`refused: ${untrustedText(delivery.reason)}` : BECAME[delivery.status];
};

type Row = LogMessage & { readonly position: number };

const columns = (entry: Batch, site: Site): Column<Row>[] => [
  {
    name: "Packet",
    show: ({ sourceChain, sourceClient, sequence }) => {
      const id = `${sourceChain}/${sourceClient}/${sequence}`;
      return html`<a class="id" href=${site.href(pathOf("/packets", id))}>${untrustedText(id)}</a>`;
    },
  },
  { name: "Leg", show: ({ leg }) => leg },
  { name: "Commitment", show: ({ commitment }) => hashCode(commitment, "the commitment") },
  ...(entry.kind === "outcome" ? [{ name: "Became", show: ({ position }: Row) => became(entry, position) }] : []),
];

const messages = (entry: Batch, site: Site): VNode =>
  html`<section class="panel">
    <h2>Messages</h2>
    ${dataTable({
      caption: "Messages that the entry is about",
      rows: entry.messages.map((message, position): Row => ({ ...message, position })),
      key: ({ position }) => String(position),
      empty: "None: only the light client is brought forward.",
      columns: columns(entry, site),
    })}
  </section>`;

export const loadLogEntry: LoadPage = async ({ ask, id }) => {
  if (!/^(0|[1-9][0-9]{0,17})$/.test(id)) return unknownPage(id);
  const twin = `/v1/log/entries/${id}`;
  const view = await ask.maybe(twin, logEntryView);
  if (view === undefined) return unknownPage(id);
  const entry = knownEntry(view);
  const bytes = hexToBytes(view.bytes);
  return {
    title: `Log entry ${id}`,
    section: "/log",
    twin,
    watches: null,
    live: (site) =>
      html`<header class="title">
          <p class="kind">Proof log, entry</p>
          <h1>${id}</h1>
          ${entryChip(entry)}
        </header>
        <p class="lead">${entrySummary(entry)}</p>
        ${entry === undefined ? null : factsList(factsOf(entry, site))}
        ${entry === undefined || entry.kind === "control" ? null : messages(entry, site)}
        <details class="more">
          <summary>Canonical bytes: the leaf of the tree</summary>
          <pre class="bytes">${untrustedText(readableText(bytes) ?? view.bytes)}</pre>
        </details>`,
  };
};
