// A sentence that somebody else put together: text, with the commands in it set apart.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { untrustedText } from "./untrusted-text.ts";

/** Commands stand between backticks. */
export const sentenceText = (sentence: string): VNode =>
  html`${sentence
    .split("`")
    .map((part, index) =>
      part === ""
        ? null
        : index % 2 === 1
          ? html`<code class="command">${untrustedText(part)}</code>`
          : untrustedText(part),
    )}`;
