// What a script adds to the pages: live changes, current times, copying, the verifier, and, for static files, the pages themselves.
import "./without-eval.ts";
import { render } from "preact";
import { layout } from "../components/layout.ts";
import { loadPage } from "../load-page.ts";
import type { Watches } from "../page.ts";
import { pathAndQuery } from "../site.ts";
import type { Site } from "../site.ts";
import { browserAsk } from "./browser-ask.ts";
import { mountConsistency } from "./consistency-island.ts";
import { copy } from "./copy.ts";
import { downloadExport } from "./download-export.ts";
import { startLive } from "./live.ts";
import { fillTokens, operate } from "./operate-form.ts";
import { startTicking } from "./tick.ts";
import { toggleTheme } from "./toggle-theme.ts";
import { mountVerify } from "./verify-island.ts";

const { api = "", static: isStatic } = document.documentElement.dataset;
const ask = browserAsk(api);
const site = (): Site => ({
  href: (path) => (isStatic === undefined ? path : `#${path}`),
  api,
  now: Date.now(),
});

const ignore = (): void => undefined;
const here = (): string =>
  isStatic === undefined
    ? `${location.pathname}${location.search}`
    : location.hash.startsWith("#/")
      ? location.hash.slice(1)
      : "/";

function announce(text: string): void {
  const place = document.querySelector("[data-announce]");
  if (place !== null) place.textContent = text;
}

function showConnected(is: boolean): void {
  for (const sign of document.querySelectorAll<HTMLElement>("[data-connection]")) {
    sign.hidden = false;
    sign.dataset["connection"] = is ? "on" : "off";
    sign.textContent = is ? "Live" : "Reconnecting…";
  }
}

let stopLive: () => void = ignore;
const rendered = new WeakSet<Element>();

/** What has to be done to a page that is there, whoever rendered it. */
function enliven(watches: Watches | null): void {
  stopLive();
  stopLive = ignore;
  const content = document.querySelector("main");
  if (content === null) return;
  fillTokens(content);
  for (const element of content.querySelectorAll<HTMLElement>("[data-island=verify]")) mountVerify(element, api);
  for (const element of content.querySelectorAll<HTMLElement>("[data-island=consistency]"))
    void mountConsistency(element, ask, site());
  if (watches === null) return;
  const url = here();
  const refresh = async (): Promise<void> => {
    let isWhole = true;
    const fresh = await loadPage(url, ask, () => {
      isWhole = false;
    });
    const live = document.querySelector("#live");
    // What cannot be asked for at the moment must not take away what is there.
    if (live === null || "to" in fresh || !isWhole || url !== here()) return;
    // What the server rendered is no tree of this script's: it is replaced once, and changed from then on.
    if (!rendered.has(live)) live.replaceChildren();
    rendered.add(live);
    render(fresh.live(site()), live);
  };
  stopLive = startLive({ api, watches, refresh, announce, connected: showConnected });
}

async function showStatic(): Promise<void> {
  const url = here();
  const page = await loadPage(url, ask, ignore);
  if (url !== here()) return;
  if ("to" in page) return location.replace(`#${page.to}`);
  stopLive();
  render(null, document.body);
  document.body.replaceChildren();
  document.title = `${page.title} · Causeway`;
  render(layout(page, site(), pathAndQuery(url).query.get("q") ?? ""), document.body);
  scrollTo(0, 0);
  document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
  enliven(page.watches);
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest<HTMLElement>("[data-copy]");
  if (button !== null) void copy(button, announce);
  if (event.target.closest("[data-theme-toggle]") !== null) toggleTheme();
  if (isStatic === undefined) return;
  if (event.target.closest(".skip") !== null) {
    event.preventDefault();
    document.querySelector<HTMLElement>("main")?.focus();
  }
  const exporting = event.target.closest<HTMLElement>("[data-export]");
  if (exporting !== null) {
    event.preventDefault();
    void downloadExport(exporting, ask, here(), announce);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset["operate"] !== undefined) {
    event.preventDefault();
    void operate(form, api).then(() => fillTokens(document));
  } else if (isStatic !== undefined) {
    event.preventDefault();
    const query = new URLSearchParams(
      [...new FormData(form)].filter((field): field is [string, string] => typeof field[1] === "string"),
    );
    location.hash = `${form.getAttribute("action")?.slice(1) ?? "/"}?${query}`;
  }
});

startTicking();
if (isStatic === undefined) {
  // The relayer that rendered the page says in it what it watches.
  enliven(JSON.parse(document.querySelector("main")?.dataset["watches"] ?? "null") as Watches | null);
} else {
  addEventListener("hashchange", () => {
    if (location.hash === "" || location.hash.startsWith("#/")) void showStatic();
  });
  await showStatic();
}
