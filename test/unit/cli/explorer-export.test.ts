// `causeway explorer export`: files that name each other and the API, and nothing inline.
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { causeway } from "./in-process.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "causeway-explorer-"));
});
afterAll(() => rm(directory, { recursive: true }));

it("writes a page that trusts its own files and the API, and no more", async () => {
  const { code } = await causeway("explorer", "export", "--out", directory, "--api", "https://relayer.example.org/");
  expect(code).toBe(0);
  const index = await readFile(join(directory, "index.html"), "utf8");
  expect(index).toContain("connect-src https://relayer.example.org;");
  expect(index).toContain('data-api="https://relayer.example.org"');
  expect(index).not.toMatch(/unsafe|<script>|<style|style=|onload=/);
  const assets = await readdir(join(directory, "assets"));
  for (const [, path = ""] of index.matchAll(/(?:src|href|data-worker)="assets\/([^"]+)"/g))
    expect(assets).toContain(path);
  expect(assets).toHaveLength(5);
});

it.each([
  "ftp://relayer.example.org",
  "relayer.example.org",
  "https://user:word@relayer.example.org",
  "https://a.example/?q=1",
])("refuses %s as an API", async (api) => {
  const { code, errors } = await causeway("explorer", "export", "--out", directory, "--api", api);
  expect(code).toBe(2);
  expect(errors).toContain("--api");
});
