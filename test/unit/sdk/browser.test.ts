// The SDK as a browser gets it: bundled without anything of Node, and run where there is nothing but what the web has, and no `eval`.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { decodeBundle } from "#sdk/evidence/bundle.ts";
import { verifyEvidence } from "#sdk/verify-evidence.ts";
import { forgedBundle } from "#test/support/forged-bundle.ts";

const entry = fileURLToPath(new URL("../../../sdk/index.ts", import.meta.url));
const recorded = readFileSync(new URL("evidence/recorded.bundle", import.meta.url));
const forged = forgedBundle(decodeBundle(recorded), { bundle: { acknowledgements: ["AAAA"] } });

/** As few globals as the SDK promises to do with; what a page has besides is not needed. */
const webGlobals = () => ({
  TextEncoder,
  TextDecoder,
  URL,
  URLSearchParams,
  AbortController,
  AbortSignal,
  setTimeout,
  clearTimeout,
});

/** A program that judges each of these files, and says what it found as JSON. */
const judging = (files: readonly Uint8Array[]): string => `
  JSON.stringify(${JSON.stringify(files.map((file) => [...file]))}.map((file) => causeway.verifyEvidence(Uint8Array.from(file))))
`;

it("is bundled and judges evidence with the same words as in Node", async () => {
  // A module of Node fails to resolve for this platform, and fails the build.
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: "browser",
    format: "iife",
    globalName: "causeway",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const [output] = outputFiles;
  const inputs = Object.entries(metafile.inputs);
  expect(inputs.flatMap(([, { imports }]) => imports.filter(({ external }) => external === true))).toEqual([]);
  expect(inputs.map(([path]) => path).filter((path) => /^(relayer|scripts|test)\//.test(path))).toEqual([]);
  // `import { z } from "zod"` in any one of these files would bring in all of zod, and nearly double this.
  expect(output?.contents.length).toBeLessThan(1 << 19);

  const context = createContext(webGlobals(), { codeGeneration: { strings: false, wasm: false } });
  runInContext(output?.text ?? "", context);
  const files = [recorded, forged, recorded.subarray(1), new Uint8Array()];
  const reports: unknown = JSON.parse(String(runInContext(judging(files), context)));
  expect(reports).toEqual(JSON.parse(JSON.stringify(files.map((file) => verifyEvidence(file)))));
  expect(reports).toMatchObject([{ ok: true, state: "acknowledged" }, { ok: false }, { ok: false }, { ok: false }]);
}, 60_000);
