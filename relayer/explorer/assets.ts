// The files that pages need in a browser, made from this folder when they are asked for first. Names carry their content's hash.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Plugin } from "esbuild";
import type { AssetPaths } from "./document.ts";

export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Assets {
  /** By file name. */
  readonly files: ReadonlyMap<string, Asset>;
  /** File names without a folder. */
  readonly names: AssetPaths;
}

const SCRIPT = "text/javascript; charset=utf-8";
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Zod brings its messages in fifty languages, half of a script's size; ours are in one. */
const oneLanguage: Plugin = {
  name: "one-language",
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from "./en.js";`,
    }));
  },
};

async function bundle(name: string, entry: string, format: "esm" | "iife"): Promise<readonly [string, Asset]> {
  const { outputFiles } = await build({
    entryPoints: [path(entry)],
    bundle: true,
    minify: true,
    format,
    target: "es2022",
    platform: "browser",
    legalComments: "none",
    plugins: [oneLanguage],
    write: false,
    logLevel: "silent",
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return [named(name, "js", bytes), { type: SCRIPT, bytes }];
}

const named = (name: string, extension: string, bytes: Uint8Array): string =>
  `${name}-${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.${extension}`;

async function copied(name: string, extension: string, type: string): Promise<readonly [string, Asset]> {
  const bytes = await readFile(path(`${name}.${extension}`));
  return [named(name, extension, bytes), { type, bytes }];
}

async function make(): Promise<Assets> {
  const made = await Promise.all([
    copied("explorer", "css", "text/css; charset=utf-8"),
    copied("icon", "svg", "image/svg+xml"),
    // Runs before the page is painted, hence no module.
    bundle("theme", "browser/theme.ts", "iife"),
    bundle("main", "browser/main.ts", "esm"),
    bundle("verify", "browser/verify-worker.ts", "iife"),
  ]);
  const [[style], [icon], [theme], [main], [worker]] = made;
  return { files: new Map(made), names: { style, icon, theme, main, worker } };
}

let once: Promise<Assets> | undefined;

export function explorerAssets(): Promise<Assets> {
  once ??= make().catch((error: unknown) => {
    once = undefined;
    throw error;
  });
  return once;
}

/** The same names in a folder. */
export function assetPaths(folder: string, { style, icon, theme, main, worker }: AssetPaths): AssetPaths {
  const at = (name: string): string => `${folder}${name}`;
  return { style: at(style), icon: at(icon), theme: at(theme), main: at(main), worker: at(worker) };
}
