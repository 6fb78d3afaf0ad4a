// Chains: how far each was read, and what its endpoints say.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { ChainView } from "#sdk/api/views.ts";
import { chainList } from "#sdk/api/views.ts";
import { grouped } from "../components/amount.ts";
import { chip } from "../components/chip.ts";
import { dataTable } from "../components/data-table.ts";
import { factsList } from "../components/facts-list.ts";
import { hashCode } from "../components/hash-code.ts";
import { orUnknown, unknown } from "../components/unknown.ts";
import { untrustedText } from "../components/untrusted-text.ts";
import { when } from "../components/when.ts";
import type { LoadPage } from "../page.ts";
import type { Site } from "../site.ts";

function endpoints({ chain, health }: ChainView): VNode {
  if (health === null)
    return html`<p class="empty">${unknown("Nobody has answered yet: its endpoints' state is unknown.")}</p>`;
  return dataTable({
    caption: `Endpoints of ${chain}`,
    rows: health.endpoints,
    key: ({ name }) => name,
    empty: "No endpoint is configured.",
    columns: [
      { name: "Endpoint", show: ({ name }) => untrustedText(name) },
      { name: "State", show: ({ ok }) => (ok ? chip("good", "done", "answers") : chip("bad", "failed", "fails")) },
      { name: "Height", numeric: true, show: ({ height }) => height ?? unknown() },
      {
        name: "Problem",
        show: ({ problem }) => (problem === null ? html`<span class="note">none</span>` : untrustedText(problem)),
      },
    ],
  });
}

function oneChain(one: ChainView, site: Site): VNode {
  const { health } = one;
  return html`<section class="panel" key=${one.chain}>
    <h2>${untrustedText(one.chain)}</h2>
    ${factsList([
      ["Family", untrustedText(one.family)],
      ["Head", orUnknown(health, ({ height }) => height)],
      ["Finalized", orUnknown(health, ({ finalizedHeight }) => finalizedHeight)],
      [
        "Read up to",
        orUnknown(one.height, (height) => html`${height} <span class="note">(${when(one.timestamp, site)})</span>`),
      ],
      ["Read last", when(one.updatedAt, site)],
      [
        "Signer",
        health === null
          ? unknown()
          : health.signer === null
            ? "none: the chain is only read"
            : html`${hashCode(health.signer.address, "the signer's address")}
                <span class="note">balance ${grouped(health.signer.balance)}, in the smallest unit</span>`,
      ],
    ])}
    ${endpoints(one)}
    ${one.gaps.map(
      ({ from, to, why }) => html`<p class="trouble">Heights ${from} to ${to} were not read: ${untrustedText(why)}</p>`,
    )}
  </section>`;
}

export const loadChainList: LoadPage = async ({ ask }) => {
  const twin = "/v1/chains";
  const { chains } = await ask.json(twin, chainList);
  return {
    title: "Chains",
    section: "/chains",
    twin,
    watches: {},
    live: (site) =>
      html`<h1>Chains</h1>
        ${chains.map((one) => oneChain(one, site))}`,
  };
};
