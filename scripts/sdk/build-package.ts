// Builds the SDK as an npm package: one ESM file and its types, with everything inside but viem.
import { globSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "tsdown";
import { z } from "zod";
import { root } from "#scripts/steps/step.ts";

const manifest = z.object({
  version: z.string(),
  license: z.string(),
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

/** What applications import. */
export const PACKAGE_NAME = "causeway-sdk";

/** Writes the package's files into `directory`, anew. */
export async function buildPackage(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const bundles = await build({
    config: false,
    cwd: root,
    entry: { index: join(root, "sdk/index.ts") },
    outDir: directory,
    format: "esm",
    platform: "neutral",
    target: "es2024",
    tsconfig: join(root, "tsconfig.browser.json"),
    dts: true,
    clean: false,
    logLevel: "silent",
    deps: { neverBundle: [/^viem($|\/)/], alwaysBundle: [/.*/], onlyBundle: false },
  });
  const inside = new Set(bundles.flatMap(({ inlinedDeps }) => [...inlinedDeps.keys()]));
  await Promise.all([
    cp(join(root, "sdk/README.md"), join(directory, "README.md")),
    cp(join(root, "LICENSE"), join(directory, "LICENSE")),
    writeFile(join(directory, "LICENSES-OF-OTHERS"), await licenses([...inside])),
    writeFile(join(directory, "package.json"), `${JSON.stringify(await packageJson(), undefined, 2)}\n`),
  ]);
}

async function packageJson(): Promise<object> {
  const own = manifest.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  return {
    name: PACKAGE_NAME,
    version: own.version,
    description: "Send, follow and prove packets over Causeway, in Node and in browsers",
    license: own.license,
    type: "module",
    exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
    sideEffects: false,
    engines: own.engines,
    dependencies: { viem: `^${own.dependencies["viem"]}` },
    peerDependencies: { ethers: `^${own.devDependencies["ethers"]}` },
    peerDependenciesMeta: { ethers: { optional: true } },
  };
}

/** Of the packages whose code is inside, as they ask for. */
async function licenses(packages: readonly string[]): Promise<string> {
  const texts = await Promise.all(
    packages.toSorted().map(async (name) => {
      const folder = join(root, "node_modules", name);
      const [file] = globSync("LICEN[CS]E*", { cwd: folder });
      if (file === undefined) throw new TypeError(`${name} has no licence`);
      return `${name}\n\n${await readFile(join(folder, file), "utf8")}`;
    }),
  );
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
