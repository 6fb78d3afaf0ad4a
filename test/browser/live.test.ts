// Pages change as the relay does, also after their connection was cut.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openChromium } from "#test/support/chromium.ts";
import { openCuttingProxy } from "#test/support/cutting-proxy.ts";
import type { CuttingProxy } from "#test/support/cutting-proxy.ts";
import { openWatched } from "#test/support/watched-page.ts";

const { url, sender } = inject("explorer");
let browser: Browser;
let proxy: CuttingProxy;
beforeAll(async () => {
  browser = await openChromium();
  proxy = await openCuttingProxy(url);
});
afterAll(async () => {
  await browser.close();
  await proxy.close();
});

const send = async (): Promise<string> => (await fetch(sender)).text();
const rowOf = (id: string): string => `tr:has(a[href="/packets/${id}"])`;

test("a new packet appears in the list, and reaches its end there", async () => {
  const { page, close } = await openWatched(browser);
  await page.goto(url);
  await page.getByText("Live", { exact: true }).waitFor();
  // What a visitor types stays while the list changes around it.
  await page.getByLabel("Account").fill("0xabc");
  const id = await send();
  await page.locator(rowOf(id)).getByText("acknowledged").waitFor({ timeout: 250_000 });
  expect(await page.getByLabel("Account").inputValue()).toBe("0xabc");
  expect(await page.locator("[data-announce]").innerText()).toMatch(/changed\.$/);
  await close();
});

test("a packet's page follows it", async () => {
  const { page, close } = await openWatched(browser);
  const id = await send();
  await page.goto(`${url}/packets/${id}`);
  await page.locator(".summary.done").waitFor({ timeout: 250_000 });
  expect(await page.locator(".timeline .done").count()).toBe(5);
  await close();
});

test("after a cut the page says so, comes back by itself, and has missed nothing", async () => {
  const { page, close } = await openWatched(browser);
  await page.goto(proxy.url);
  await page.getByText("Live", { exact: true }).waitFor();
  await proxy.cut();
  await page.getByText("Reconnecting…").waitFor();
  const id = await send();
  await expect.poll(async () => (await fetch(`${url}/v1/packets/${id}`)).status, { timeout: 250_000 }).toBe(200);
  expect(await page.locator(rowOf(id)).count()).toBe(0);
  await proxy.mend();
  await page.locator(rowOf(id)).waitFor({ timeout: 250_000 });
  await page.getByText("Live", { exact: true }).waitFor();
  const resumed = proxy.requests.filter((head) => head.startsWith("GET /v1/changes")).at(-1);
  expect(resumed).toMatch(/\r\nLast-Event-ID: \S+/i);
  await page.locator(rowOf(id)).getByText("acknowledged").waitFor({ timeout: 250_000 });
  await close();
});
