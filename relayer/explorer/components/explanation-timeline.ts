// A packet's way as a row of steps: what is done, where it is, what comes next.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { Explanation, TimelineStep } from "#sdk/trace/explanation.ts";
import type { Site } from "../site.ts";
import { hashCode } from "./hash-code.ts";
import { icon } from "./icon.ts";
import { untrustedText } from "./untrusted-text.ts";
import { when } from "./when.ts";

const NAMES: Record<TimelineStep["name"], string> = {
  sent: "Sent",
  final: "Final",
  received: "Received",
  answered: "Answered",
  acknowledged: "Acknowledged",
  timedOut: "Timed out",
};

const SAID: Record<TimelineStep["status"], string> = { done: "done", now: "now", next: "expected", failed: "failed" };

export const explanationTimeline = ({ timeline }: Pick<Explanation, "timeline">, site: Site): VNode =>
  html`<ol class="timeline">
    ${timeline.map(
      ({ name, status, chain, at, height, transaction }) =>
        html`<li class=${status} key=${name}>
          <span class="sign">${icon(status)}</span>
          <div class="step">
            <strong>${NAMES[name]}</strong> <span class="said">${SAID[status]}</span>
            <div class="place">${untrustedText(chain)}${height === null ? null : html`, height ${height}`}</div>
            ${at === null ? null : html`<div class="at">${when(at, site)}</div>`}
            ${
              transaction === null
                ? null
                : html`<div class="transaction">${hashCode(transaction, `transaction of step ${NAMES[name]}`)}</div>`
            }
          </div>
        </li>`,
    )}
  </ol>`;
