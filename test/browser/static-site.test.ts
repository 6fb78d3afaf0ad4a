// The same pages as files of another origin, against the relayer's API.
import { createServer } from "node:http";
import type { Server } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { exportSite } from "#relayer/explorer/export-site.ts";
import { openChromium } from "#test/support/chromium.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { axeViolations, openWatched, overflow, screenshot } from "#test/support/watched-page.ts";

const { url, packets, lanes, sender } = inject("explorer");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

let browser: Browser;
let dir: Awaited<ReturnType<typeof makeDataDir>>;
let server: Server;
let site: string;
beforeAll(async () => {
  browser = await openChromium();
  dir = await makeDataDir();
  await exportSite(dir.path, url);
  server = createServer((request, response) => {
    const path = request.url === "/" ? "index.html" : (request.url ?? "").slice(1);
    readFile(join(dir.path, path)).then(
      (bytes) => response.setHeader("content-type", TYPES[extname(path)] ?? "text/plain").end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await browser.close();
  server.close();
  await dir.remove();
});

test.each([
  ["#/", "Packets"],
  [`#/packets/${packets.transfer}`, packets.transfer],
  ["#/lanes", "Lanes"],
  [`#/lanes/${lanes[1]}`, lanes[1]],
  ["#/clients", "Light clients"],
  ["#/chains", "Chains"],
  ["#/log", "Proof log"],
  ["#/log/3", "3"],
  ["#/verify", "Verify a bundle"],
  ["#/nope", "No such page"],
])("%s", async (fragment, expected) => {
  const { page, complaints, close } = await openWatched(browser, { viewport: { width: 320, height: 900 } });
  await page.goto(`${site}${fragment}`);
  await page.locator("h1", { hasText: expected }).waitFor();
  expect(await overflow(page)).toBe(0);
  expect(await axeViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

test("search, filters, the way back, live changes, export and the verifier work as they do at the relayer", async () => {
  const { page, complaints, close } = await openWatched(browser);
  await page.goto(site);
  await page.getByLabel("Status").selectOption("timed out");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
  await page.goBack();
  await expect.poll(() => page.locator("tbody tr").count()).toBeGreaterThan(1);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV" }).click(),
  ]);
  expect(await readFile(await download.path(), "utf8")).toContain(packets.transfer);
  await page.getByText("Live", { exact: true }).waitFor();
  const id = await (await fetch(sender)).text();
  await page.locator(`a[href="#/packets/${id}"]`).waitFor({ timeout: 250_000 });
  await page.getByLabel("Search any id").fill(packets.transfer);
  await page.getByRole("button", { name: "Search" }).click();
  await page.locator("h1", { hasText: packets.transfer }).waitFor();
  await page.getByRole("button", { name: "Fetch and verify" }).click();
  await page.locator(".report.proven").waitFor();
  await screenshot(page, "static");
  await page.keyboard.press("Home");
  await page.getByRole("link", { name: "Skip to content" }).focus();
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("content");
  expect(complaints).toEqual([]);
  await close();
});

test("an API that does not answer is a page that says so", async () => {
  await exportSite(dir.path, "http://127.0.0.1:9");
  const { page, close } = await openWatched(browser);
  await page.goto(site);
  await page.getByText("the API does not answer").waitFor();
  await close();
});
