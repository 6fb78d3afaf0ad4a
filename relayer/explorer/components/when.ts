// A point in time: relative for the eye, absolute in its element, kept current where a script runs.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { Site } from "../site.ts";
import { absoluteTime, relativeTime } from "./relative-time.ts";
import { unknown } from "./unknown.ts";

/** Dates beyond it are no dates to JavaScript. */
const MOST = 8.64e15;

/** `at`: ISO 8601, or Unix seconds as a number or decimal string. */
export function when(at: string | number | null, site: Site, { whole = false } = {}): VNode {
  if (at === null) return unknown();
  const value = typeof at === "number" ? at * 1000 : /^\d+$/.test(at) ? Number(at) * 1000 : Date.parse(at);
  if (!Number.isFinite(value) || Math.abs(value) > MOST) return unknown("beyond any calendar");
  const absolute = absoluteTime(value);
  return html`<time datetime=${new Date(value).toISOString()} title=${absolute} data-when="relative"
      >${relativeTime(value, site.now)}</time
    >${whole ? html` <span class="absolute">${absolute}</span>` : null}`;
}
