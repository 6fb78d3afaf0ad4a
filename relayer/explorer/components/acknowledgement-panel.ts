// What the receiving applications answered.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { hexToBytes } from "@noble/hashes/utils.js";
import { isErrorAcknowledgement } from "#adapters/protocol/acknowledgement.ts";
import { decodeMessageResult } from "#adapters/protocol/message-data.ts";
import type { PacketView } from "#sdk/api/views.ts";
import { chip } from "./chip.ts";
import { rawBytes } from "./raw-bytes.ts";
import { unknown } from "./unknown.ts";

function answer(bytes: Uint8Array): VNode {
  const result = decodeMessageResult(bytes);
  return result === undefined ? rawBytes(bytes, "the acknowledgement") : rawBytes(result, "the receiver's result");
}

function content({ acknowledgements, status }: PacketView): unknown {
  if (acknowledgements === null)
    return html`<p>
      ${
        status === "timedOut"
          ? unknown("None: the packet timed out before it was received.")
          : unknown("Unknown: none was read yet.")
      }
    </p>`;
  const all = acknowledgements.map((hex) => hexToBytes(hex));
  if (isErrorAcknowledgement(all))
    return html`<p>${chip("bad", "failed", "refused")} The receiver refused the packet; what it carried goes back.</p>`;
  return html`<p>${chip("good", "done", "accepted")} The receiver carried the packet out, and answered:</p>
    ${all.map(answer)}`;
}

export const acknowledgementPanel = (packet: PacketView): VNode =>
  html`<section class="panel">
    <h2>Acknowledgement</h2>
    ${content(packet)}
  </section>`;
