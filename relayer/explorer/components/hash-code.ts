// A hash or an address: short for the eye, whole for screen readers, selection and the clipboard.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { icon } from "./icon.ts";
import { untrustedText, visibleText } from "./untrusted-text.ts";

const HEAD = 10;
const TAIL = 6;

/** Letters and digits with a few joiners: what ids of all chains are made of. */
const PLAIN = /^[\w:./+=-]+$/;

/** Shown only where a script can copy. */
export const copyButton = (value: string, what: string): VNode =>
  html`<button type="button" class="copy scripted" data-copy=${value} aria-label=${`Copy ${what}`}>
    ${icon("copy")}
  </button>`;

/** `whole`: for ids that people read. */
export function hashCode(value: string, what: string, { whole = false } = {}): VNode {
  if (!PLAIN.test(value)) return html`<span class="hash">${untrustedText(value)}${copyButton(value, what)}</span>`;
  const short = !whole && value.length > HEAD + TAIL + 3;
  return html`<span class="hash"
    ><code title=${visibleText(value)}
      >${
        short
          ? html`${value.slice(0, HEAD)}<span class="middle">${value.slice(HEAD, -TAIL)}</span>${value.slice(-TAIL)}`
          : value
      }</code
    >${copyButton(value, what)}</span
  >`;
}
