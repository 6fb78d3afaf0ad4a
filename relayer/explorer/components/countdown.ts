// How long something still lasts, counted down where a script runs.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { Site } from "../site.ts";
import { unknown } from "./unknown.ts";
import { when } from "./when.ts";

const SOON_SECONDS = 6 * 3_600;

/** `expiresAt`: Unix seconds as a decimal string. In the last hours somebody has to look. */
export function countdown(expiresAt: string | null, site: Site): VNode {
  if (expiresAt === null) return unknown();
  const left = Number(expiresAt) - site.now / 1000;
  return html`<span class=${left < 0 ? "over" : left < SOON_SECONDS ? "soon" : undefined}
    >${when(expiresAt, site)}</span
  >`;
}
