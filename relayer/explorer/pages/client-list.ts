// Light clients: what each believes of its chain, how long that lasts, and whether anything contradicts it.
import { html } from "../html.ts";
import type { ClientView } from "#sdk/api/views.ts";
import { clientList } from "#sdk/api/views.ts";
import { clientState, contradictionText } from "../components/client-state.ts";
import { countdown } from "../components/countdown.ts";
import { dataTable } from "../components/data-table.ts";
import { unknown } from "../components/unknown.ts";
import { untrustedText } from "../components/untrusted-text.ts";
import { when } from "../components/when.ts";
import type { LoadPage } from "../page.ts";
import { pathOf } from "../site.ts";

const nameOf = ({ chain, client }: ClientView): string => `${chain}/${client}`;

export const loadClientList: LoadPage = async ({ ask }) => {
  const twin = "/v1/clients";
  const { clients } = await ask.json(twin, clientList);
  return {
    title: "Light clients",
    section: "/clients",
    twin,
    watches: {},
    live: (site) =>
      html`<h1>Light clients</h1>
        <p class="lead">
          What each chain believes of the other, as the relayer read it last. One that expires accepts nothing more.
        </p>
        ${dataTable({
          caption: "Light clients",
          rows: clients,
          key: nameOf,
          empty: "No light client is configured.",
          columns: [
            {
              name: "Light client",
              show: (one) =>
                html`<a class="id" href=${site.href(pathOf("/lanes", nameOf(one)))}>${untrustedText(nameOf(one))}</a>`,
            },
            { name: "Follows", show: ({ follows }) => untrustedText(follows) },
            { name: "Status", show: (one) => clientState(one) },
            { name: "Trusted height", numeric: true, show: ({ height }) => height ?? unknown() },
            { name: "Of", show: ({ timestamp }) => when(timestamp, site) },
            { name: "Expires", show: ({ expiresAt }) => countdown(expiresAt, site) },
            {
              name: "Compared",
              show: ({ comparedAt }) => (comparedAt === null ? unknown("never") : when(comparedAt, site)),
            },
          ],
        })}
        ${clients.map((one) => {
          const unserved = one.uncompared.filter(({ because }) => because === "unserved");
          if (one.contradiction === null && unserved.length === 0) return null;
          return html`<section class="panel" key=${nameOf(one)}>
            <h2>${untrustedText(nameOf(one))}</h2>
            ${contradictionText(one, site)}
            ${unserved.map(
              ({ height, why }) =>
                html`<p class="trouble">Height ${height} could not be compared: ${untrustedText(why)}</p>`,
            )}
          </section>`;
        })}`,
  };
};
