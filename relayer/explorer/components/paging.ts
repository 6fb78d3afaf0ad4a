// To the older ones, and back to the newest.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { Site } from "../site.ts";

export function paging(query: URLSearchParams, next: string | null, site: Site): VNode | null {
  const at = (before: string | null): string => {
    const changed = new URLSearchParams(query);
    changed.delete("before");
    if (before !== null) changed.set("before", before);
    const text = changed.toString();
    return site.href(text === "" ? "/" : `/?${text}`);
  };
  if (next === null && !query.has("before")) return null;
  return html`<nav class="paging" aria-label="Pages">
    ${query.has("before") ? html`<a href=${at(null)}>← Newest</a>` : null}
    ${next === null ? null : html`<a class="older" href=${at(next)} rel="next">Older →</a>`}
  </nav>`;
}
