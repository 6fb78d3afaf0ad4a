// All lanes: what waits in each, how fast it is, and what it costs.
import { html } from "../html.ts";
import { laneList } from "#sdk/api/views.ts";
import { grouped, shortSeconds } from "../components/amount.ts";
import { dataTable } from "../components/data-table.ts";
import { laneState } from "../components/lane-state.ts";
import { duration } from "../components/relative-time.ts";
import { orUnknown } from "../components/unknown.ts";
import { untrustedText } from "../components/untrusted-text.ts";
import type { LoadPage } from "../page.ts";
import { pathOf } from "../site.ts";

export const loadLaneList: LoadPage = async ({ ask }) => {
  const twin = "/v1/lanes";
  const { lanes } = await ask.json(twin, laneList);
  return {
    title: "Lanes",
    section: "/lanes",
    twin,
    watches: {},
    live: (site) =>
      html`<h1>Lanes</h1>
        <p class="lead">
          A lane is everything bound for one light client on one chain. Latency runs from what called for a delivery to
          its inclusion.
        </p>
        ${dataTable({
          caption: "Lanes",
          rows: lanes,
          key: ({ id }) => id,
          empty: "No lane is configured.",
          columns: [
            {
              name: "Lane",
              show: ({ id }) => html`<a class="id" href=${site.href(pathOf("/lanes", id))}>${untrustedText(id)}</a>`,
            },
            { name: "From", show: ({ sourceChain }) => untrustedText(sourceChain) },
            { name: "State", show: (lane) => laneState(lane) },
            { name: "Backlog", numeric: true, show: ({ backlog }) => backlog },
            {
              name: "Oldest",
              numeric: true,
              show: ({ oldestSeconds }) => (oldestSeconds === null ? "–" : duration(oldestSeconds)),
            },
            {
              name: "p50",
              numeric: true,
              show: ({ latency }) => orUnknown(latency, (one) => shortSeconds(one.p50Seconds)),
            },
            {
              name: "p95",
              numeric: true,
              show: ({ latency }) => orUnknown(latency, (one) => shortSeconds(one.p95Seconds)),
            },
            {
              name: "Fee per message",
              numeric: true,
              show: ({ cost }) => orUnknown(cost, (one) => grouped(one.perMessage)),
            },
            { name: "Delivered", numeric: true, show: ({ delivered }) => grouped(delivered) },
          ],
        })}
        <p class="note">Fees are in the smallest unit of the target chain's fee token.</p>`,
  };
};
