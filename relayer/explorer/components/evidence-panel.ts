// What the proof log keeps about a packet: entries in order, and how large their evidence is.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { LogEntryView } from "#sdk/api/views.ts";
import { pathOf } from "../site.ts";
import type { Site } from "../site.ts";
import { byteSize } from "./amount.ts";
import { dataTable } from "./data-table.ts";
import { entryChip, entrySummary, knownEntry } from "./log-entry-summary.ts";
import { unknown } from "./unknown.ts";
import { when } from "./when.ts";

export interface PacketEvidence {
  /** Undefined when whoever asks may not know. */
  readonly entries: readonly LogEntryView[] | undefined;
  /** Bytes of each envelope that could be learned, by hash. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly packet: string;
  /** The API's path of the packet's bundle. */
  readonly bundle: string;
}

function envelopeSize(view: LogEntryView, sizes: ReadonlyMap<string, number>): unknown {
  const entry = knownEntry(view);
  if (entry === undefined || entry.kind === "control") return null;
  const size = sizes.get(entry.envelope);
  return size === undefined ? unknown() : byteSize(size);
}

const time = (view: LogEntryView, site: Site): VNode | null => {
  const entry = knownEntry(view);
  return entry === undefined ? null : when(entry.time, site);
};

/** A packet that is tried again and again leaves many. */
const NEWEST = 12;

const entryTable = (
  caption: string,
  entries: readonly LogEntryView[],
  { sizes, packet }: PacketEvidence,
  site: Site,
): VNode =>
  dataTable({
    caption,
    rows: entries,
    key: ({ index }) => index,
    empty: "Nothing is logged about it yet.",
    columns: [
      { name: "Entry", show: ({ index }) => html`<a href=${site.href(pathOf("/log", index))}>${index}</a>` },
      { name: "Kind", show: (view) => entryChip(knownEntry(view), packet) },
      { name: "What it says", show: (view) => entrySummary(knownEntry(view)) },
      { name: "Envelope", numeric: true, show: (view) => envelopeSize(view, sizes) },
      { name: "Logged", show: (view) => time(view, site) },
    ],
  });

export function evidencePanel(evidence: PacketEvidence, site: Site): VNode {
  const { entries, bundle } = evidence;
  if (entries === undefined)
    return html`<section class="panel">
      <h2>Evidence</h2>
      <p class="empty">${unknown("This relayer shows evidence to auditors only: it takes a token.")}</p>
    </section>`;
  const [older, newest] = [entries.slice(0, -NEWEST), entries.slice(-NEWEST)];
  return html`<section class="panel">
    <h2>Evidence</h2>
    ${
      older.length === 0
        ? null
        : html`<details class="more">
            <summary>${older.length} older entries</summary>
            ${entryTable("Older entries of the proof log about this packet", older, evidence, site)}
          </details>`
    }
    ${entryTable("Entries of the proof log about this packet, oldest first", newest, evidence, site)}
    ${
      entries.length === 0
        ? null
        : html`<p class="actions">
            <a class="button" href=${`${site.api}${bundle}`} download>Download bundle</a>
          </p>`
    }
  </section>`;
}
