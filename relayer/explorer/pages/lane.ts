// One lane: its figures now and over time, its light client, and what an operator can do with it.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { clientView, laneHistory, laneView } from "#sdk/api/views.ts";
import type { LaneHistory, LaneView } from "#sdk/api/views.ts";
import { grouped, rounded, shortSeconds } from "../components/amount.ts";
import { clientState, contradictionText } from "../components/client-state.ts";
import { countdown } from "../components/countdown.ts";
import { dataTable } from "../components/data-table.ts";
import { factsList } from "../components/facts-list.ts";
import { laneState, laneTrouble } from "../components/lane-state.ts";
import { lineChart } from "../components/line-chart.ts";
import type { Series } from "../components/line-chart.ts";
import { operatorForms } from "../components/operator-form.ts";
import { duration } from "../components/relative-time.ts";
import { orUnknown, unknown } from "../components/unknown.ts";
import { untrustedText, visibleText } from "../components/untrusted-text.ts";
import { when } from "../components/when.ts";
import type { LoadPage } from "../page.ts";
import { pathOf } from "../site.ts";
import type { Site } from "../site.ts";
import { unknownPage } from "./problem.ts";

type Step = LaneHistory["steps"][number];
type Waiting = LaneHistory["waiting"][number];

const perMessage = ({ fee, delivered }: Step): bigint => (delivered === 0 ? 0n : BigInt(fee) / BigInt(delivered));

function waitingCharts({ waiting, stepSeconds }: LaneHistory, site: Site): VNode {
  const step = stepSeconds * 1000;
  const series = (name: string, value: (one: Waiting) => number): Series => ({
    name,
    points: waiting.map((one) => ({ at: Date.parse(one.at), value: value(one) })),
  });
  return html`<div class="charts">
      ${lineChart({ title: "Backlog", series: [series("backlog", ({ backlog }) => backlog)], step, show: rounded }, site)}
      ${lineChart(
        {
          title: "Oldest that waited",
          series: [series("oldest", ({ oldestSeconds }) => oldestSeconds ?? 0)],
          step,
          show: shortSeconds,
        },
        site,
      )}
    </div>
    <details class="more">
      <summary>What waited, in numbers</summary>
      ${dataTable({
        caption: "The most that waited, newest first",
        rows: [...waiting].reverse(),
        key: ({ at }) => at,
        empty: "",
        columns: [
          { name: "From", show: ({ at }) => when(at, site, { whole: true }) },
          { name: "Backlog", numeric: true, show: ({ backlog }) => backlog },
          {
            name: "Oldest",
            numeric: true,
            show: ({ oldestSeconds }) => (oldestSeconds === null ? "–" : duration(oldestSeconds)),
          },
        ],
      })}
    </details>`;
}

function deliveryCharts({ steps, stepSeconds }: LaneHistory, site: Site): VNode {
  const step = stepSeconds * 1000;
  const series = (name: string, value: (step: Step) => number): Series => ({
    name,
    points: steps.map((one) => ({ at: Date.parse(one.at), value: value(one) })),
  });
  return html`<div class="charts">
      ${lineChart(
        {
          title: `Deliveries per ${duration(stepSeconds)}`,
          series: [series("deliveries", ({ delivered }) => delivered)],
          bars: true,
          step,
          show: String,
        },
        site,
      )}
      ${lineChart(
        {
          title: "Latency",
          series: [series("p50", ({ p50Seconds }) => p50Seconds), series("p95", ({ p95Seconds }) => p95Seconds)],
          step,
          show: shortSeconds,
        },
        site,
      )}
      ${lineChart(
        {
          title: "Fee per message",
          series: [series("fee", (one) => Number(perMessage(one)))],
          step,
          show: rounded,
        },
        site,
      )}
    </div>
    <details class="more">
      <summary>The same in numbers</summary>
      ${dataTable({
        caption: "The lane over time, newest first",
        rows: [...steps].reverse(),
        key: ({ at }) => at,
        empty: "",
        columns: [
          { name: "From", show: ({ at }) => when(at, site, { whole: true }) },
          { name: "Delivered", numeric: true, show: ({ delivered }) => delivered },
          { name: "p50", numeric: true, show: ({ p50Seconds }) => shortSeconds(p50Seconds) },
          { name: "p95", numeric: true, show: ({ p95Seconds }) => shortSeconds(p95Seconds) },
          { name: "Fee per message", numeric: true, show: (one) => grouped(perMessage(one).toString()) },
          { name: "Fees", numeric: true, show: ({ fee }) => grouped(fee) },
        ],
      })}
    </details>`;
}

const figures = (lane: LaneView): VNode =>
  html`<dl class="figures">
    <div>
      <dt>Backlog</dt>
      <dd>${lane.backlog}</dd>
    </div>
    <div>
      <dt>Oldest</dt>
      <dd>${lane.oldestSeconds === null ? "–" : duration(lane.oldestSeconds)}</dd>
    </div>
    <div>
      <dt>p50</dt>
      <dd>${orUnknown(lane.latency, (one) => shortSeconds(one.p50Seconds))}</dd>
    </div>
    <div>
      <dt>p95</dt>
      <dd>${orUnknown(lane.latency, (one) => shortSeconds(one.p95Seconds))}</dd>
    </div>
    <div>
      <dt>Delivered</dt>
      <dd>${grouped(lane.delivered)}</dd>
    </div>
  </dl>`;

export const loadLane: LoadPage = async ({ ask, id }) => {
  const twin = pathOf("/v1/lanes", id);
  const [lane, history, client] = await Promise.all([
    ask.maybe(twin, laneView),
    ask.maybe(`${twin}/history`, laneHistory),
    ask.maybe(pathOf("/v1/clients", id), clientView),
  ]);
  if (lane === undefined) return unknownPage(id);
  return {
    title: `Lane ${visibleText(id)}`,
    section: "/lanes",
    twin,
    watches: { lane: id },
    live: (site) =>
      html`<header class="title">
          <p class="kind">Lane</p>
          <h1>${untrustedText(id)}</h1>
          ${laneState(lane)}
        </header>
        ${laneTrouble(lane, site)} ${figures(lane)}
        <section class="panel">
          <h2>Over time</h2>
          ${
            history === undefined || history.steps.length === 0
              ? html`<p class="empty">Nothing was delivered yet: there is nothing to plot.</p>`
              : deliveryCharts(history, site)
          }
          ${history === undefined || history.waiting.length === 0 ? null : waitingCharts(history, site)}
        </section>
        <section class="panel">
          <h2>Ends</h2>
          ${factsList([
            ["Evidence about", untrustedText(lane.sourceChain)],
            ["For light client", html`${untrustedText(lane.client)} on ${untrustedText(lane.targetChain)}`],
            ["Light client", client === undefined ? unknown() : clientState(client)],
            ["Trusted height", orUnknown(client?.height, (height) => height)],
            ["Expires", client === undefined ? unknown() : countdown(client.expiresAt, site)],
            ["Packets", html`<a href=${site.href(`/?lane=${encodeURIComponent(id)}`)}>of this lane</a>`],
          ])}
          ${client === undefined ? null : contradictionText(client, site)}
        </section>`,
    fixed: (site) =>
      operatorForms(
        [
          {
            act: "pause",
            id,
            label: "Pause",
            explains: "Takes up nothing new from this lane; what is signed is finished.",
          },
          { act: "resume", id, label: "Resume", explains: "Takes the lane up again after a pause." },
          {
            act: "clear",
            id,
            label: "Clear",
            explains: "Asks the chains now what is still pending, instead of at the next turn.",
          },
        ],
        site,
      ),
  };
};
