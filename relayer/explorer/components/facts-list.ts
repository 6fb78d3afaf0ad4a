// Names and values, one pair a line.
import { html } from "../html.ts";
import type { VNode } from "preact";

export type Fact = readonly [name: string, value: unknown];

export const factsList = (facts: readonly (Fact | null)[]): VNode =>
  html`<dl class="facts">
    ${facts.map(
      (fact) =>
        fact &&
        html`<div>
          <dt>${fact[0]}</dt>
          <dd>${fact[1]}</dd>
        </div>`,
    )}
  </dl>`;
