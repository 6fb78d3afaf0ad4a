// Text that others wrote (token names, memos, error texts, ids): shown as text, with what would change its reading made visible.
import { html } from "../html.ts";
import type { VNode } from "preact";

/** Controls, bidirectional marks, zero-width and tag characters, and halves of surrogate pairs. */
const TELLING =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** The same for titles and accessible names. */
export const visibleText = (value: string): string => value.replaceAll(TELLING, (found) => `⟨${nameOf(found)}⟩`);

function parts(value: string): (string | VNode)[] {
  const found: (string | VNode)[] = [];
  let end = 0;
  for (const match of value.matchAll(TELLING)) {
    if (match.index > end) found.push(value.slice(end, match.index));
    found.push(html`<span class="control">⟨${nameOf(match[0])}⟩</span>`);
    end = match.index + match[0].length;
  }
  if (end < value.length) found.push(value.slice(end));
  return found;
}

/** Characters shown at once; the rest on demand. */
const LIMIT = 400;

export function untrustedText(value: string): VNode {
  if (value.length <= LIMIT) return html`<bdi class="text">${parts(value)}</bdi>`;
  return html`<span class="text">
    <bdi>${parts(value.slice(0, LIMIT))}</bdi>…
    <details class="more">
      <summary>all ${value.length.toLocaleString("en")} characters</summary>
      <bdi>${parts(value)}</bdi>
    </details>
  </span>`;
}
