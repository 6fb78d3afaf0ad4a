// Packets, newest first.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { PacketSummary } from "#sdk/api/views.ts";
import { pathOf } from "../site.ts";
import type { Site } from "../site.ts";
import { dataTable } from "./data-table.ts";
import { packetStatus } from "./packet-status.ts";
import { unknown } from "./unknown.ts";
import { untrustedText } from "./untrusted-text.ts";
import { when } from "./when.ts";

export const packetTable = (packets: readonly PacketSummary[], site: Site): VNode =>
  dataTable({
    caption: "Packets, newest first",
    rows: packets,
    key: ({ id }) => id,
    empty: "No packet of this kind is known here.",
    columns: [
      {
        name: "Packet",
        show: ({ id, sourceClient, sequence }) =>
          html`<a class="id" href=${site.href(pathOf("/packets", id))}
            >${untrustedText(sourceClient)} <span class="sequence">#${sequence}</span></a
          >`,
      },
      { name: "Status", show: (packet) => packetStatus(packet) },
      { name: "From", show: ({ sourceChain }) => untrustedText(sourceChain) },
      { name: "To", show: ({ destinationChain }) => untrustedText(destinationChain) },
      { name: "Seen", show: ({ createdAt }) => when(createdAt, site) },
      {
        name: "Times out",
        show: ({ status, timeoutTimestamp }) =>
          timeoutTimestamp === null
            ? unknown()
            : status === "acknowledged"
              ? html`<span class="none">–</span>`
              : when(timeoutTimestamp, site),
      },
    ],
  });
