// What an audit found, check by check, and what no bundle can show.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { AuditCheck, AuditReport } from "#sdk/evidence/report.ts";
import { chip } from "./chip.ts";
import { untrustedText } from "./untrusted-text.ts";

const LIVES: Record<AuditReport["state"], string> = {
  refused: "not proven",
  underway: "under way",
  received: "received",
  acknowledged: "received and acknowledged",
  timedOut: "timed out",
};

const one = ({ name, ok, detail }: AuditCheck): VNode =>
  html`<li class=${ok ? "holds" : "fails"}>
    ${ok ? chip("good", "done", "holds") : chip("bad", "failed", "fails")} <strong>${untrustedText(name)}</strong>
    <span class="detail">${untrustedText(detail)}</span>
  </li>`;

/** `expected`: whose bundle it has to be; a genuine bundle of another packet says nothing about this one. */
export function auditReport(report: AuditReport, expected: string | undefined): VNode {
  const failing = report.checks.filter(({ ok }) => !ok);
  const isOther = report.packet !== undefined && expected !== undefined && report.packet !== expected;
  const isProven = report.ok && !isOther;
  return html`<div class=${`report ${isProven ? "proven" : "forged"}`}>
    <h3>${isProven ? chip("good", "done", "proven") : chip("bad", "failed", "not proven")}</h3>
    <p class="sentence">
      ${
        isOther
          ? html`This is a bundle of another packet, ${untrustedText(report.packet ?? "")}: it says nothing about this
            one.`
          : isProven
            ? html`Every one of ${report.checks.length} checks holds: packet ${untrustedText(report.packet ?? "")} is
              ${LIVES[report.state]}.`
            : html`${failing.length} of ${report.checks.length} checks ${failing.length === 1 ? "fails" : "fail"}: the
              file was altered, is incomplete, or was never genuine.`
      }
    </p>
    ${
      failing.length === 0
        ? null
        : html`<h4>What fails</h4>
            <ul class="checks">
              ${failing.map(one)}
            </ul>`
    }
    <details class="more" open=${failing.length === 0}>
      <summary>All ${report.checks.length} checks</summary>
      <ul class="checks">
        ${report.checks.map(one)}
      </ul>
    </details>
    <h4>What a bundle cannot show</h4>
    <ul class="notes">
      ${report.notes.map((note) => html`<li>${untrustedText(note)}</li>`)}
      <li>that nothing was left out: another relayer, or another log, may know more</li>
    </ul>
  </div>`;
}
