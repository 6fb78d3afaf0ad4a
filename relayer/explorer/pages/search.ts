// What an id names: its page at once when there is only one, a list otherwise.
import { html } from "../html.ts";
import { searchResult } from "#sdk/api/views.ts";
import type { SearchResult } from "#sdk/api/views.ts";
import { dataTable } from "../components/data-table.ts";
import { untrustedText } from "../components/untrusted-text.ts";
import type { LoadPage } from "../page.ts";
import { pathOf } from "../site.ts";
import { unknownPage } from "./problem.ts";

type Hit = SearchResult["hits"][number];

const KINDS: Record<Hit["kind"], string> = {
  packet: "Packet",
  transaction: "Transaction",
  lane: "Lane",
  client: "Light client",
  chain: "Chain",
  logEntry: "Entry of the proof log",
  account: "Account",
};

/** The explorer's own page; undefined where the other hits say what there is to see. */
function pageOf({ kind, id }: Hit): string | undefined {
  if (kind === "packet") return pathOf("/packets", id);
  if (kind === "lane" || kind === "client") return pathOf("/lanes", id);
  if (kind === "logEntry") return pathOf("/log", id);
  if (kind === "chain") return `/?chain=${encodeURIComponent(id)}`;
  return kind === "account" ? `/?account=${encodeURIComponent(id)}` : undefined;
}

export const loadSearch: LoadPage = async ({ ask, query }) => {
  const wanted = (query.get("q") ?? "").trim();
  const twin = `/v1/search?q=${encodeURIComponent(wanted)}`;
  if (wanted === "")
    return {
      title: "Search",
      section: "",
      twin: null,
      watches: null,
      live: () =>
        html`<h1>Search</h1>
          <p class="lead">
            Give any id: a packet's (<code>chain/client/sequence</code>), a message id, a transaction of either chain, a
            lane or light client, an account, or an entry of the proof log.
          </p>`,
    };
  const { hits } = await ask.json(twin, searchResult);
  const pages = new Set(hits.map(pageOf).filter((path) => path !== undefined));
  const [only] = pages;
  if (pages.size === 1 && only !== undefined) return { to: only };
  if (hits.length === 0) return unknownPage(wanted, undefined, pathOf("/packets", wanted));
  // A lane and its light client share a page.
  const listed = hits.filter((hit, index) => {
    const page = pageOf(hit);
    return page === undefined || hits.findIndex((other) => pageOf(other) === page) === index;
  });
  return {
    title: "Search",
    section: "",
    twin,
    watches: null,
    live: (site) =>
      html`<h1>${listed.length} things go by that name</h1>
        <p class="lead">${untrustedText(wanted)}</p>
        ${dataTable({
          caption: "What was found, best first",
          rows: listed,
          key: ({ kind, id }) => `${kind} ${id}`,
          empty: "",
          columns: [
            { name: "Kind", show: ({ kind }) => KINDS[kind] },
            {
              name: "Id",
              show: (hit) => {
                const page = pageOf(hit);
                return page === undefined
                  ? untrustedText(hit.id)
                  : html`<a class="id" href=${site.href(page)}>${untrustedText(hit.id)}</a>`;
              },
            },
          ],
        })}`,
  };
};
