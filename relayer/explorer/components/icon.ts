// Small signs beside words; they never stand alone, so that they are hidden from screen readers.
import { html } from "../html.ts";
import type { VNode } from "preact";

const PATHS = {
  done: "M3 8.5 6.5 12 13 4.5",
  now: "M8 3.5V8l3 2",
  next: "M4 8h8",
  failed: "M4.5 4.5l7 7m0-7l-7 7",
  held: "M8 3.5v5.5m0 3v.5",
  moving: "M3 8h10M9.5 4.5 13 8l-3.5 3.5",
  back: "M13 8H3m3.5 3.5L3 8l3.5-3.5",
  unknown: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.8m0 2v.5",
  paused: "M5.5 4v8m5-8v8",
  copy: "M6 6h7v7H6zM3 10V3h7",
  search: "M10.5 10.5 14 14M3 7a4 4 0 1 0 8 0 4 4 0 0 0-8 0",
} as const;

export type IconName = keyof typeof PATHS;

export const icon = (name: IconName): VNode =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
