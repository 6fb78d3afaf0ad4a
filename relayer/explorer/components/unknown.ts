// What is not known is said to be unknown: never zero, never "pending".
import { html } from "../html.ts";
import type { VNode } from "preact";

export const unknown = (what = "unknown"): VNode => html`<span class="unknown">${what}</span>`;

export const orUnknown = <T>(value: T | null | undefined, show: (value: T) => unknown): unknown =>
  value === null || value === undefined ? unknown() : show(value);
