// Whether a lane is worked on, fails, or stands still because an operator said so.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { LaneView } from "#sdk/api/views.ts";
import type { Site } from "../site.ts";
import { chip } from "./chip.ts";
import { untrustedText } from "./untrusted-text.ts";
import { when } from "./when.ts";

export function laneState({ paused, errorCode, backlog }: LaneView): VNode {
  if (paused !== null) return chip("warn", "paused", "paused");
  if (errorCode !== null) return chip("warn", "held", "held up");
  return backlog === "0" ? chip("good", "done", "nothing to do") : chip("moving", "moving", "working");
}

/** Why it is not simply working, in full; null when it is. */
export function laneTrouble(
  { paused, errorCode, error, failuresInARow, nextAttemptAt }: LaneView,
  site: Site,
): VNode | null {
  if (paused !== null)
    return html`<p class="trouble">
      Paused ${when(paused.at, site)} by ${untrustedText(paused.by)}: ${untrustedText(paused.because)}
    </p>`;
  if (errorCode === null) return null;
  return html`<p class="trouble">
    ${untrustedText(errorCode)}: ${untrustedText(error ?? "no more is known")}. ${failuresInARow}
    ${failuresInARow === 1 ? "failure" : "failures in a row"}, next attempt ${when(nextAttemptAt, site)}.
  </p>`;
}
