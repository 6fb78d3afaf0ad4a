// Whether a light client may be used, and until when.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { ClientView } from "#sdk/api/views.ts";
import type { Site } from "../site.ts";
import { chip } from "./chip.ts";
import { untrustedText } from "./untrusted-text.ts";
import { when } from "./when.ts";

export function clientState({ status, contradiction }: Pick<ClientView, "status" | "contradiction">): VNode {
  if (contradiction !== null) return chip("bad", "failed", "contradicted");
  if (status === null) return chip("plain", "unknown", "unknown");
  if (status === "active") return chip("good", "done", "active");
  return chip("bad", "failed", status);
}

export function contradictionText({ contradiction }: Pick<ClientView, "contradiction">, site: Site): VNode | null {
  if (contradiction === null) return null;
  const { height, what, basis, foundAt, stands, report, reportError } = contradiction;
  return html`<p class="trouble">
    ${stands ? "It" : "It no longer contradicts its chain, but it"} was found ${when(foundAt, site)} to believe at
    height ${height} what its chain did not finalize (${basis}): ${untrustedText(what)}.
    ${
      report === "frozen"
        ? "It is frozen."
        : html`It is not
          frozen${reportError === null ? "; a report is being made" : html`: ${untrustedText(reportError)}`}.`
    }
    The lane stands still until an operator resumes it.
  </p>`;
}
