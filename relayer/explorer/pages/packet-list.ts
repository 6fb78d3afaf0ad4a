// The first page: what this relay does at the moment, and the packets it carries.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { LaneView } from "#sdk/api/views.ts";
import { laneList, packetList } from "#sdk/api/views.ts";
import { grouped } from "../components/amount.ts";
import { duration } from "../components/relative-time.ts";
import { packetFilters } from "../components/packet-filters.ts";
import { packetTable } from "../components/packet-table.ts";
import { paging } from "../components/paging.ts";
import { exportFormats, MOST_EXPORTED } from "../export-packets.ts";
import type { ExportFormat } from "../export-packets.ts";
import type { LoadPage } from "../page.ts";
import type { Site } from "../site.ts";

/** Fields of a form that were left empty ask for nothing. */
export function filterOf(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([, value]) => value !== ""));
}

const withQuery = (path: string, query: URLSearchParams): string => {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
};

function figures(lanes: readonly LaneView[], site: Site): VNode {
  const waiting = lanes.reduce((sum, { backlog }) => sum + BigInt(backlog), 0n);
  const oldest = Math.max(...lanes.map(({ oldestSeconds }) => oldestSeconds ?? 0), 0);
  const standing = lanes.filter(({ paused, errorCode }) => paused !== null || errorCode !== null).length;
  return html`<dl class="figures">
    <div>
      <dt>Messages on their way</dt>
      <dd>${waiting.toString()}</dd>
    </div>
    <div>
      <dt>Oldest of them</dt>
      <dd>${waiting === 0n ? "–" : duration(oldest)}</dd>
    </div>
    <div>
      <dt>Lanes held up or paused</dt>
      <dd class=${standing > 0 ? "alarm" : undefined}>
        <a href=${site.href("/lanes")}>${standing} of ${lanes.length}</a>
      </dd>
    </div>
  </dl>`;
}

function exports(query: URLSearchParams, site: Site): VNode {
  const filter = new URLSearchParams(query);
  filter.delete("before");
  filter.delete("limit");
  const link = (format: ExportFormat): VNode =>
    html`<a
      href=${site.href(withQuery(`/packets.${format}`, filter))}
      data-export=${format}
      download=${`packets.${format}`}
      >${format.toUpperCase()}</a
    >`;
  return html`<p class="actions exports">
    Take these with you: ${exportFormats.map(link)}
    <span class="note">the newest ${grouped(String(MOST_EXPORTED))}</span>
  </p>`;
}

export const loadPacketList: LoadPage = async ({ ask, query }) => {
  const filter = filterOf(query);
  const twin = withQuery("/v1/packets", filter);
  const [{ packets, next }, { lanes }] = await Promise.all([
    ask.json(twin, packetList),
    ask.json("/v1/lanes", laneList),
  ]);
  return {
    title: "Packets",
    section: "/",
    twin,
    watches: filter.has("before") ? null : {},
    form: (site) =>
      html`<h1>Packets</h1>
        ${packetFilters(filter, lanes, site)}`,
    live: (site) =>
      html`${figures(lanes, site)} ${packetTable(packets, site)} ${paging(filter, next, site)} ${exports(filter, site)}`,
  };
};
