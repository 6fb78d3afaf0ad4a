// A state in a word: sign, text and colour say the same.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { icon } from "./icon.ts";
import type { IconName } from "./icon.ts";

export type Tone = "good" | "moving" | "warn" | "bad" | "plain";

export const chip = (tone: Tone, sign: IconName, words: string): VNode =>
  html`<span class=${`chip ${tone}`}>${icon(sign)}${words}</span>`;
