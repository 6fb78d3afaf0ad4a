// Where a packet stands, as the table knows it, and whether something holds it up.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { PacketSummary } from "#sdk/api/views.ts";
import { chip } from "./chip.ts";
import { untrustedText } from "./untrusted-text.ts";

const STATUS = {
  sent: () => chip("moving", "moving", "sent"),
  received: () => chip("moving", "moving", "received"),
  acknowledged: () => chip("good", "done", "acknowledged"),
  timedOut: () => chip("plain", "back", "timed out"),
} as const satisfies Record<PacketSummary["status"], () => VNode>;

export const packetStatus = ({ status, errorCode }: Pick<PacketSummary, "status" | "errorCode">): VNode =>
  html`<span class="chips"
    >${STATUS[status]()}${
      errorCode === null
        ? null
        : html`${chip("warn", "held", "held up")} <span class="why">${untrustedText(errorCode)}</span>`
    }</span
  >`;
