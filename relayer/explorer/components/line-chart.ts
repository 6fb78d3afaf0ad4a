// Values over time as SVG that needs no script; the same numbers stand in a table beside it.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { Site } from "../site.ts";
import { when } from "./when.ts";

export interface ChartPoint {
  /** Unix milliseconds. */
  readonly at: number;
  readonly value: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

export interface LineChart {
  readonly title: string;
  readonly series: readonly [Series, ...Series[]];
  readonly bars?: boolean;
  /** Milliseconds that a step takes. */
  readonly step: number;
  show(value: number): string;
}

const WIDTH = 600;
const HEIGHT = 120;
/** Little that happened must not look like all of the time there is. */
const LEAST_STEPS = 12;

/** The next larger value of 1, 2 or 5 times a power of ten. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((ceiling) => ceiling >= value) ?? value;
}

/** A line ends where a step is missing: what was not measured is not drawn. */
function runs(points: readonly ChartPoint[], step: number): ChartPoint[][] {
  const found: ChartPoint[][] = [];
  for (const point of points) {
    const run = found.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && point.at - last.at <= step * 1.5) run.push(point);
    else found.push([point]);
  }
  return found;
}

export function lineChart(chart: LineChart, site: Site): VNode {
  const times = chart.series[0].points.map(({ at }) => at);
  const to = (times.at(-1) ?? 0) + chart.step;
  const from = Math.min(times[0] ?? to, to - LEAST_STEPS * chart.step);
  const most = niceCeiling(Math.max(...chart.series.flatMap(({ points }) => points.map(({ value }) => value))));
  const x = (at: number): number => ((at - from) / (to - from)) * WIDTH;
  const y = (value: number): number => HEIGHT - (value / most) * HEIGHT;
  const bar = ({ at, value }: ChartPoint): VNode =>
    html`<rect
      x=${x(at)}
      y=${y(value)}
      width=${Math.max(1, (chart.step / (to - from)) * WIDTH - 1)}
      height=${HEIGHT - y(value)}
    />`;
  const line = (points: readonly ChartPoint[]): VNode => {
    const middle = chart.step / 2;
    const at = (point: ChartPoint): string => `${x(point.at + middle).toFixed(1)} ${y(point.value).toFixed(1)}`;
    const [only] = points;
    return points.length === 1 && only !== undefined
      ? html`<path class="dot" d=${`M${at(only)}h0.01`} />`
      : html`<path d=${`M${points.map(at).join("L")}`} />`;
  };
  return html`<figure class="chart">
    <figcaption>
      ${chart.title}
      ${
        chart.series.length < 2
          ? null
          : chart.series.map(({ name }, index) => html`<span class=${`key series-${index}`}>${name}</span>`)
      }
    </figcaption>
    <div class="plot">
      <span class="most">${chart.show(most)}</span>
      <span class="least">0</span>
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <path class="grid" d=${`M0 0.5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}`} />
        ${chart.series.map(
          ({ points }, index) =>
            html`<g class=${`series-${index} ${chart.bars === true ? "bars" : "lines"}`}
              >${chart.bars === true ? points.map(bar) : runs(points, chart.step).map(line)}</g
            >`,
        )}
      </svg>
      <span class="from">${when(from / 1000, site)}</span>
      <span class="to">${when(Math.min(to, site.now) / 1000, site)}</span>
    </div>
  </figure>`;
}
