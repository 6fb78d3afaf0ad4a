// Operators act from the pages, with a token and without a cookie; with a script and without.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openChromium } from "#test/support/chromium.ts";
import { OPERATOR_TOKEN } from "#test/support/explorer-world.ts";
import { axeViolations, openWatched, screenshot } from "#test/support/watched-page.ts";

const { url, packets, lanes } = inject("explorer");
const lane = `${url}/lanes/${lanes[0]}`;
let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

test("a lane is paused and resumed in place, and the log says by whom", async () => {
  const { page, complaints, close } = await openWatched(browser);
  await page.goto(lane);
  await page.getByText("For operators").click();
  const form = (act: string) => page.locator(`form[data-operate=${act}]`);
  await form("pause").getByLabel("Reason").fill("<b>looking</b> at it");
  await form("pause").getByLabel("token").fill("not-a-token-of-this-relayer");
  await form("pause").getByRole("button").click();
  await form("pause").getByText("Not done:").waitFor();
  await form("pause").getByLabel("token").fill(OPERATOR_TOKEN);
  await form("pause").getByRole("button").click();
  await form("pause").getByText("The lane is paused.").waitFor();
  await page.locator(".title").getByText("paused").waitFor();
  expect(await page.locator(".trouble").first().innerText()).toMatch(/by test-operator: <b>looking<\/b> at it/);
  expect(await axeViolations(page)).toEqual([]);
  await screenshot(page, "paused");
  // The token stays in this tab, for the next act.
  await page.reload();
  await page.getByText("For operators").click();
  expect(await form("resume").getByLabel("token").inputValue()).toBe(OPERATOR_TOKEN);
  await form("resume").getByRole("button").click();
  await form("resume").getByText("The lane is taken up again.").waitFor();
  await page.locator(".title").getByText("paused").waitFor({ state: "detached" });
  await page.goto(`${url}/log`);
  expect(await page.locator("table").innerText()).toContain("lane");
  expect(await page.context().cookies()).toEqual([]);
  expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
  await close();
});

test("without a script the form leads to a page that says what became of it", async () => {
  const { page, close } = await openWatched(browser, { javaScriptEnabled: false });
  await page.goto(`${url}/packets/${packets.held}`);
  await page.getByText("For operators").click();
  await page.getByLabel("token").fill("not-a-token-of-this-relayer");
  await page.getByRole("button", { name: "Retry now" }).click();
  expect(await page.locator("h1").innerText()).toBe("Not done");
  await page.goBack();
  await page.getByText("For operators").click();
  await page.getByLabel("token").fill(OPERATOR_TOKEN);
  await page.getByRole("button", { name: "Retry now" }).click();
  expect(await page.locator("h1").innerText()).toBe("Done");
  await page.getByRole("link", { name: "Back" }).click();
  expect(await page.locator("h1").innerText()).toBe(packets.held);
  await close();
});
