// What the chains said about a packet, with both transactions.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { PacketView } from "#sdk/api/views.ts";
import type { Site } from "../site.ts";
import { dataTable } from "./data-table.ts";
import { hashCode } from "./hash-code.ts";
import { untrustedText } from "./untrusted-text.ts";
import { when } from "./when.ts";

type PacketEvent = PacketView["events"][number];

const KINDS: Record<PacketEvent["kind"], string> = {
  sent: "Sent",
  received: "Received",
  acknowledgementWritten: "Received and answered",
  acknowledged: "Acknowledged",
  timedOut: "Timed out",
};

/** As they happen: several may be of one height. */
const ORDER = Object.keys(KINDS);

export const eventTable = ({ events }: Pick<PacketView, "events">, site: Site): VNode =>
  html`<section class="panel">
    <h2>What the chains say</h2>
    ${dataTable({
      caption: "Events of this packet, all of them final",
      rows: [...events].sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind)),
      key: ({ kind }) => kind,
      empty: "No event of it was read yet.",
      columns: [
        { name: "Event", show: ({ kind }) => html`<strong>${KINDS[kind]}</strong>` },
        { name: "Chain", show: ({ chain }) => untrustedText(chain) },
        { name: "Height", numeric: true, show: ({ height }) => height },
        { name: "Time", show: ({ timestamp }) => when(timestamp, site) },
        {
          name: "Transaction",
          show: ({ transaction, kind }) => hashCode(transaction, `transaction of ${KINDS[kind]}`),
        },
      ],
    })}
  </section>`;
