// A page as a whole HTML document.
import { html } from "./html.ts";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { visibleText } from "./components/untrusted-text.ts";
import { layout } from "./components/layout.ts";
import type { Page } from "./page.ts";
import type { Site } from "./site.ts";

/** Where the files are that every page needs, relative to it or absolute. */
export interface AssetPaths {
  readonly style: string;
  readonly theme: string;
  readonly main: string;
  readonly worker: string;
  readonly icon: string;
}

export interface DocumentParts {
  readonly title: string;
  readonly assets: AssetPaths;
  /** Of the API that the page's script asks; empty for the one that served it. */
  readonly api: string;
  /** Whether links lead to fragments, because no server renders them. */
  readonly isStatic: boolean;
  readonly head: VNode | null;
  readonly body: VNode;
}

export const documentOf = ({ title, assets, api, isStatic, head, body }: DocumentParts): string =>
  `<!doctype html>\n${renderToString(
    html`<html lang="en" data-worker=${assets.worker} data-api=${api} data-static=${isStatic ? "true" : undefined}>
      <head>
        <meta charset="utf-8" />
        ${head}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Causeway</title>
        <link rel="icon" href=${assets.icon} type="image/svg+xml" />
        <link rel="stylesheet" href=${assets.style} />
        <script src=${assets.theme}></script>
        <script type="module" src=${assets.main}></script>
      </head>
      <body>
        ${body}
      </body>
    </html>`,
  )}\n`;

export const pageDocument = (page: Page, site: Site, assets: AssetPaths, query: string): string =>
  documentOf({
    title: visibleText(page.title),
    assets,
    api: site.api,
    isStatic: false,
    head:
      page.twin === null
        ? null
        : html`<link rel="alternate" type="application/json" href=${`${site.api}${page.twin}`} />`,
    body: layout(page, site, query),
  });
