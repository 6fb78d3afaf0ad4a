// A bundle is judged in the page, by code of the page: a genuine one holds, a forged one fails with the reason.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openChromium } from "#test/support/chromium.ts";
import { axeViolations, openWatched, screenshot } from "#test/support/watched-page.ts";

const { url, packets } = inject("explorer");
let browser: Browser;
let genuine: string;
beforeAll(async () => {
  browser = await openChromium();
  genuine = await (await fetch(`${url}/v1/packets/${packets.transfer}/bundle`)).text();
});
afterAll(() => browser.close());

async function give(page: Page, content: string): Promise<void> {
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "bundle.json", mimeType: "application/json", buffer: Buffer.from(content) });
  await page.locator(".report").waitFor();
}

const fails = (page: Page): Promise<string[]> => page.locator(".report > .checks > .fails").allInnerTexts();

test("the packet's own bundle holds, and nobody is asked for the verdict", async () => {
  const { page, complaints, close } = await openWatched(browser);
  await page.goto(`${url}/packets/${packets.transfer}`);
  await page.locator("#live [data-late]").waitFor({ state: "detached" });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.getByRole("button", { name: "Fetch and verify" }).click();
  await page.locator(".report.proven").waitFor();
  expect(await page.locator(".report .sentence").innerText()).toMatch(
    new RegExp(`^Every one of \\d+ checks holds: packet ${packets.transfer} is received and acknowledged\\.$`),
  );
  expect(await page.locator(".report .notes").innerText()).toContain("compare it with one you trust");
  const evidence = asked.filter(
    (path) => !/\/v1\/(changes|trace|packets|log)/.test(path) && !path.includes("/assets/"),
  );
  expect(evidence).toEqual([]);
  expect(asked).toContain(`GET /v1/packets/${packets.transfer}/bundle`);
  expect(await axeViolations(page)).toEqual([]);
  await screenshot(page, "verified");
  expect(complaints).toEqual([]);
  await close();
});

/** Of Base64, whichever it was. */
const another = (digit: string): string => (digit === "A" ? "B" : "A");

test.each([
  [
    "another amount in the packet",
    (text: string) => text.replace(/(?<="value":".{300})./, another),
    "the packet's contents are not those the log recorded",
  ],
  [
    "another byte of evidence",
    (text: string) => text.replace(/(?<="evidence":\{"[0-9a-f]{64}":".{200})./, another),
    "the evidence was altered",
  ],
  [
    "another root under the signature",
    (text: string) => text.replace(/(?<=\\n\d+\\n)[A-Za-z0-9+/]/, another),
    "does not verify",
  ],
  [
    "an entry that says something else",
    (text: string) => text.replace(String.raw`\"ok\":true`, String.raw`\"ok\":true `),
    "does not lead to the checkpoint",
  ],
  ["a reformatted file", (text: string) => JSON.stringify(JSON.parse(text), null, 2), "not canonical JSON"],
  ["no bundle at all", () => "hello", "not JSON"],
])("%s is shown as forged, with the reason", async (name, forge, reason) => {
  const { page, complaints, close } = await openWatched(browser);
  await page.goto(`${url}/packets/${packets.transfer}`);
  const forged = forge(genuine);
  expect(forged).not.toBe(genuine);
  await give(page, forged);
  expect(await page.locator(".report.proven").count()).toBe(0);
  expect(await page.locator(".report h3").innerText()).toBe("not proven");
  expect((await fails(page)).join("\n")).toContain(reason);
  if (name.startsWith("another amount")) await screenshot(page, "forged");
  expect(await axeViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

test("a genuine bundle of another packet says nothing about this one", async () => {
  const { page, close } = await openWatched(browser);
  await page.goto(`${url}/packets/${packets.message}`);
  await give(page, genuine);
  expect(await page.locator(".report .sentence").innerText()).toContain("This is a bundle of another packet");
  expect(await page.locator(".report.proven").count()).toBe(0);
  await page.goto(`${url}/verify`);
  await give(page, genuine);
  expect(await page.locator(".report.proven").count()).toBe(1);
  await close();
});

test("the key that a visitor trusts is held against the bundle's, and remembered", async () => {
  const { page, close } = await openWatched(browser);
  const key = (await (await fetch(`${url}/v1/log/key`)).text()).trim();
  await page.goto(`${url}/verify`);
  await page.getByLabel("The log's key").fill(key);
  await give(page, genuine);
  expect(await page.locator(".report.proven").count()).toBe(1);
  await page.reload();
  expect(await page.getByLabel("The log's key").inputValue()).toBe(key);
  await page.getByLabel("The log's key").fill(key.replace(/.$/, (last) => (last === "A" ? "B" : "A")));
  await give(page, genuine);
  expect((await fails(page)).join("\n")).toContain("the bundle's log has another key");
  await close();
});

test("the log of the last visit is proven to be in the one of now; another history is not", async () => {
  const { page, close } = await openWatched(browser);
  const island = page.locator("[data-island=consistency]");
  await page.goto(`${url}/log`);
  await island.getByText("first visit").waitFor();
  await page.reload();
  await island.getByText("the same log").waitFor();
  await page.evaluate(`{
    const name = "causeway.log ";
    const visit = JSON.parse(localStorage.getItem(name));
    localStorage.setItem(name, JSON.stringify({ ...visit, size: "3", root: "ab".repeat(32) }));
  }`);
  await page.reload();
  await island.getByText("its first 3 entries are not those of your last visit").waitFor();
  await screenshot(page, "another-history");
  await page.reload();
  await island.getByText("not the same log").waitFor();
  await island.getByRole("button").last().click();
  await island.getByText("first visit").waitFor();
  await close();
});
