// The explorer as files that any web server can host, working against a relayer's API elsewhere.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { html } from "./html.ts";
import { assetPaths, explorerAssets } from "./assets.ts";
import { documentOf } from "./document.ts";
import { contentSecurityPolicy } from "./security-headers.ts";

/** `api`: origin, and path if it has one, without a slash at the end. Returns the names of the files. */
export async function exportSite(folder: string, api: string): Promise<string[]> {
  const { files, names } = await explorerAssets();
  const index = documentOf({
    title: "Explorer",
    assets: assetPaths("assets/", names),
    api,
    isStatic: true,
    head: html`<meta http-equiv="Content-Security-Policy" content=${contentSecurityPolicy(new URL(api).origin)} />
      <meta name="referrer" content="no-referrer" />`,
    body: html`<main>
      <h1>Causeway</h1>
      <noscript>
        <p>These files need a script. A relayer serves the same pages without one: <a href=${api}>${api}</a></p>
      </noscript>
    </main>`,
  });
  await mkdir(join(folder, "assets"), { recursive: true });
  await writeFile(join(folder, "index.html"), index);
  for (const [name, { bytes }] of files) await writeFile(join(folder, "assets", name), bytes);
  return ["index.html", ...[...files.keys()].map((name) => `assets/${name}`)];
}
