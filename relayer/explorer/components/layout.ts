// The frame around every page: skip link, navigation, the one search box, and the way to the JSON.
import { html } from "../html.ts";
import type { VNode } from "preact";
import type { Page } from "../page.ts";
import type { Site } from "../site.ts";
import { icon } from "./icon.ts";

const SECTIONS = [
  ["/", "Packets"],
  ["/lanes", "Lanes"],
  ["/clients", "Light clients"],
  ["/chains", "Chains"],
  ["/log", "Proof log"],
  ["/verify", "Verify"],
] as const;

const searchBox = (site: Site, query: string): VNode =>
  html`<form class="search" role="search" action=${site.href("/search")} method="get">
    <label class="visually-hidden" for="q">Search any id</label>
    <input
      id="q"
      name="q"
      type="search"
      maxlength="200"
      autocomplete="off"
      autocapitalize="off"
      spellcheck=${false}
      placeholder="Packet, transaction, lane, account, log entry…"
      value=${query}
    />
    <button type="submit" aria-label="Search">${icon("search")}</button>
  </form>`;

const navigation = (section: string, site: Site): VNode =>
  html`<nav class="sections" aria-label="Pages of this explorer">
    ${SECTIONS.map(
      ([path, name]) =>
        html`<a href=${site.href(path)} aria-current=${path === section ? "page" : undefined}>${name}</a>`,
    )}
  </nav>`;

/** Everything within `body`. `query` is what was searched for. */
export const layout = (page: Page, site: Site, query = ""): VNode =>
  html`<a class="skip" href="#content">Skip to content</a>
    <header class="site">
      <a class="brand" href=${site.href("/")}>
        <svg viewBox="0 0 28 20" aria-hidden="true" focusable="false">
          <path d="M1 17V9a13 13 0 0 1 26 0v8M1 12h26M8 12v5M14 12v5M20 12v5" />
        </svg>
        <span>Causeway</span>
      </a>
      ${navigation(page.section, site)} ${searchBox(site, query)}
      <button type="button" class="theme scripted" data-theme-toggle aria-label="Change colours between light and dark">
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          <path d="M8 2.5a5.5 5.5 0 1 0 0 11z" class="filled" />
          <circle cx="8" cy="8" r="5.5" />
        </svg>
      </button>
    </header>
    <p class="connection visually-hidden" role="status" aria-live="polite" data-announce></p>
    <main id="content" tabindex="-1" data-watches=${page.watches === null ? undefined : JSON.stringify(page.watches)}>
      ${page.form === undefined ? null : html`<div id="form">${page.form(site)}</div>`}
      <div id="live">${page.live(site)}</div>
      <div id="fixed">${page.fixed?.(site) ?? null}</div>
    </main>
    <footer class="site">
      <p>
        Nothing on these pages has to be believed: a packet's evidence is a file that anybody can check
        <a href=${site.href("/verify")}>in this browser</a> or offline.
      </p>
      <p>
        ${page.twin === null ? null : html`<a href=${`${site.api}${page.twin}`}>This page as JSON</a>`}
        <span class="connection-sign" data-connection hidden></span>
      </p>
    </footer>`;
