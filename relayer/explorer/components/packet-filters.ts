// Which packets are listed: a plain form whose fields are the API's.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { LaneView } from "#sdk/api/views.ts";
import type { Site } from "../site.ts";
import { visibleText } from "./untrusted-text.ts";

const STATUSES = [
  ["", "any"],
  ["sent", "sent"],
  ["received", "received"],
  ["acknowledged", "acknowledged"],
  ["timedOut", "timed out"],
] as const;

type Option = readonly [value: string, name: string];

function choice(name: string, label: string, options: readonly Option[], query: URLSearchParams): VNode {
  const chosen = query.get(name) ?? "";
  const known = options.some(([value]) => value === chosen);
  const all: readonly Option[] = known ? options : [...options, [chosen, visibleText(chosen)]];
  return html`<label
    >${label}
    <select name=${name}>
      ${all.map(([value, text]) => html`<option value=${value} selected=${value === chosen}>${text}</option>`)}
    </select></label
  >`;
}

export function packetFilters(query: URLSearchParams, lanes: readonly LaneView[], site: Site): VNode {
  const chains = [...new Set(lanes.flatMap(({ sourceChain, targetChain }) => [sourceChain, targetChain]))].sort();
  const named = (values: readonly string[]): Option[] => values.map((value) => [value, visibleText(value)] as const);
  return html`<form class="filters" action=${site.href("/")} method="get" aria-label="Filter packets">
    ${choice("status", "Status", STATUSES, query)} ${choice("chain", "Chain", [["", "any"], ...named(chains)], query)}
    ${choice("lane", "Lane", [["", "any"], ...named(lanes.map(({ id }) => id))], query)}
    <label
      >Account
      <input
        name="account"
        value=${query.get("account") ?? ""}
        maxlength="128"
        autocomplete="off"
        spellcheck=${false}
      />
    </label>
    <label class="check"
      ><input type="checkbox" name="held" value="true" checked=${query.get("held") === "true"} /> held up</label
    >
    <span class="buttons">
      <button type="submit">Filter</button>
      ${[...query.keys()].length === 0 ? null : html`<a href=${site.href("/")}>Clear</a>`}
    </span>
  </form>`;
}
