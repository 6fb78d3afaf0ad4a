// The proof log: how large it is, what signs it, and its newest entries.
import { html } from "../html.ts";
import { logEntryPage, logHead } from "#sdk/api/views.ts";
import { grouped } from "../components/amount.ts";
import { dataTable } from "../components/data-table.ts";
import { factsList } from "../components/facts-list.ts";
import { hashCode } from "../components/hash-code.ts";
import { entryChip, entrySummary, knownEntry } from "../components/log-entry-summary.ts";
import { when } from "../components/when.ts";
import type { LoadPage } from "../page.ts";
import { pathOf } from "../site.ts";

const PAGE = 20;

export const loadLog: LoadPage = async ({ ask, query }) => {
  const twin = "/v1/log";
  const before = query.get("before");
  const page = new URLSearchParams({ limit: String(PAGE), ...(before !== null && { before }) });
  const [head, note, key, found] = await Promise.all([
    ask.json(twin, logHead),
    ask.text("/v1/log/checkpoint"),
    ask.text("/v1/log/key"),
    ask.permitted(`/v1/log/entries?${page}`, logEntryPage),
  ]);
  return {
    title: "Proof log",
    section: "/log",
    twin,
    watches: before === null ? {} : null,
    live: (site) =>
      html`<h1>Proof log</h1>
        <p class="lead">
          Everything the relayer concluded, intended and did, in a Merkle tree that can only grow. Its key says who
          signs; compare it with one you have from elsewhere.
        </p>
        ${factsList([
          ["Entries", html`<span class="number">${grouped(head.size)}</span>`],
          ["Root", hashCode(head.root, "the root")],
          ["Key", hashCode(key.trim(), "the log's key")],
        ])}
        <details class="more">
          <summary>Signed checkpoint</summary>
          <pre class="bytes">${note}</pre>
        </details>
        ${dataTable({
          caption: "Entries, newest first",
          rows: found?.entries ?? [],
          key: ({ index }) => index,
          empty:
            found === undefined
              ? "This relayer shows entries to auditors only: it takes a token."
              : "The log is empty.",
          columns: [
            {
              name: "Entry",
              show: ({ index }) => html`<a class="id" href=${site.href(pathOf("/log", index))}>${index}</a>`,
            },
            { name: "Kind", show: (view) => entryChip(knownEntry(view)) },
            { name: "What it says", show: (view) => entrySummary(knownEntry(view)) },
            {
              name: "Logged",
              show: (view) => {
                const entry = knownEntry(view);
                return entry === undefined ? null : when(entry.time, site);
              },
            },
          ],
        })}
        <nav class="paging" aria-label="Pages">
          ${before === null ? null : html`<a href=${site.href("/log")}>← Newest</a>`}
          ${
            found === undefined || found.next === null
              ? null
              : html`<a class="older" href=${site.href(`/log?before=${found.next}`)} rel="next">Older →</a>`
          }
        </nav>`,
    fixed: () =>
      html`<section class="panel" aria-labelledby="consistency-title">
        <h2 id="consistency-title">Since your last visit</h2>
        <div data-island="consistency">
          <p class="unscripted note">
            This needs a script: it remembers the log's size and root in your browser, and checks next time that the log
            has only grown.
          </p>
        </div>
      </section>`,
  };
};
