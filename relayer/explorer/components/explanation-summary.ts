// Where a packet stands in one sentence, what comes next and when, and who can do something about it.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { Explanation } from "#sdk/trace/explanation.ts";
import type { Site } from "../site.ts";
import { chip } from "./chip.ts";
import { sentenceText } from "./sentence-text.ts";
import { when } from "./when.ts";

const STANDING = {
  underway: () => chip("moving", "moving", "under way"),
  held: () => chip("warn", "held", "held up"),
  done: () => chip("good", "done", "done"),
  refunded: () => chip("plain", "back", "refunded"),
  failed: () => chip("bad", "failed", "failed"),
  unknown: () => chip("plain", "unknown", "unknown"),
} as const satisfies Record<Explanation["standing"], () => VNode>;

/** Most sentences do. */
const saysWhen = (sentence: string): boolean => /\bUTC\b/.test(sentence);

export const explanationSummary = ({ standing, sentence, next, expectedAt, advice }: Explanation, site: Site): VNode =>
  html`<section class=${`summary ${standing}`} aria-label="Where it stands">
    <p class="sentence">${STANDING[standing]()} ${sentenceText(sentence)}</p>
    ${
      next === null
        ? null
        : html`<p class="next">
            <strong>Next</strong> ${sentenceText(next)}
            ${expectedAt === null || saysWhen(next) ? null : html` <span class="expected">Expected ${when(expectedAt, site)}.</span>`}
          </p>`
    }
    ${
      advice.length === 0
        ? null
        : html`<ul class="advice">
            ${advice.map(({ who, what }) => html`<li><strong>${who}</strong> ${sentenceText(what)}</li>`)}
          </ul>`
    }
  </section>`;
