// Every page, in both themes, narrow and wide, with and without a script: nothing overflows, nothing is wrong, nothing is missing.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openChromium } from "#test/support/chromium.ts";
import { axeViolations, openWatched, overflow, screenshot } from "#test/support/watched-page.ts";

const { url, packets, lanes } = inject("explorer");
const PAGES: readonly (readonly [name: string, path: string, heading: string])[] = [
  ["packets", "/", "Packets"],
  ["held packets", "/?held=true", "Packets"],
  ["an acknowledged transfer", `/packets/${packets.transfer}`, packets.transfer],
  ["an acknowledged message", `/packets/${packets.message}`, packets.message],
  ["a refused packet", `/packets/${packets.refused}`, packets.refused],
  ["a held packet", `/packets/${packets.held}`, packets.held],
  ["a timed out packet", `/packets/${packets.timedOut}`, packets.timedOut],
  ["lanes", "/lanes", "Lanes"],
  ["a lane", `/lanes/${lanes[1]}`, lanes[1]],
  ["light clients", "/clients", "Light clients"],
  ["chains", "/chains", "Chains"],
  ["the proof log", "/log", "Proof log"],
  ["a log entry", "/log/3", "3"],
  ["search", "/search", "Search"],
  ["several hits", `/search?q=${lanes[0].split("/")[1]}`, "2 things go by that name"],
  ["an unknown id", "/search?q=0xabc", "Unknown here"],
  ["an id that no chain knows either", `/packets/0x${"ab".repeat(32)}`, "Unknown here"],
  ["verify", "/verify", "Verify a bundle"],
  ["what cannot be asked", "/?status=bogus", "That cannot be asked"],
  ["no page", "/nope", "No such page"],
];

let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

const heading = (page: Page): Promise<string> => page.locator("h1").innerText();

describe("light and dark, narrow and wide", () => {
  test.each(PAGES)("%s", async (name, path, expected) => {
    const { page, complaints, close } = await openWatched(browser);
    await page.goto(`${url}${path}`);
    // What chains are asked for comes when it does.
    await page.locator("#live [data-late]").waitFor({ state: "detached" });
    expect(await heading(page)).toBe(expected);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overflow(page)).toBe(0);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await screenshot(page, `${name} ${colorScheme} ${width}`.replaceAll(" ", "-"));
        expect(await axeViolations(page)).toEqual([]);
      }
    }
    // All that is folded away has to fit as well.
    await page.evaluate("for (const details of document.querySelectorAll('main details')) details.open = true");
    expect(await overflow(page)).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe("without a script", () => {
  test.each(PAGES)("%s", async (_, path, expected) => {
    const { page, complaints, close } = await openWatched(browser, { javaScriptEnabled: false });
    await page.goto(`${url}${path}`);
    expect(await heading(page)).toBe(expected);
    expect(await page.locator(".scripted:visible").count()).toBe(0);
    expect(complaints).toEqual([]);
    await close();
  });

  test("filters, search, paging and what chains say are links and forms", async () => {
    const { page, close } = await openWatched(browser, { javaScriptEnabled: false });
    await page.goto(url);
    await page.getByLabel("Status").selectOption("timed out");
    await page.getByRole("button", { name: "Filter" }).click();
    expect(await page.locator("tbody tr").count()).toBe(1);
    await page.goto(`${url}/?limit=2`);
    await page.getByRole("link", { name: "Older" }).click();
    expect(await page.locator("tbody tr").count()).toBe(2);
    await page.getByLabel("Search any id").fill(`0x${"ab".repeat(32)}`);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("link", { name: "Ask the chains themselves" }).click();
    expect(await heading(page)).toBe("Unknown here");
    await page.getByLabel("Search any id").fill(packets.message);
    await page.getByRole("button", { name: "Search" }).click();
    expect(await heading(page)).toBe(packets.message);
    const wait = page.getByRole("link", { name: "Wait for what they say" });
    if (await wait.isVisible()) await wait.click();
    expect(await page.locator(".summary .sentence").innerText()).toMatch(/^done/);
    await close();
  });
});

test("every page names the API's answer it was made from", async () => {
  for (const [, path] of PAGES.slice(0, 13)) {
    const text = await (await fetch(`${url}${path}`, { headers: { accept: "text/html" } })).text();
    const twin = /<link rel="alternate" type="application\/json" href="([^"]+)"/.exec(text)?.[1] ?? "";
    const answer = await fetch(`${url}${twin.replaceAll("&amp;", "&")}`);
    expect([path, answer.status, answer.headers.get("content-type")]).toEqual([
      path,
      200,
      "application/json; charset=utf-8",
    ]);
  }
});

test("every answer tells the browser to trust nothing", async () => {
  for (const path of ["/", "/nope", "/packets.csv", "/packets.csv?status=bogus"]) {
    const { headers } = await fetch(`${url}${path}`, { headers: { accept: "text/html" } });
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
    );
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe|\*/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("a page does what a keyboard asks", async () => {
  const { page, close } = await openWatched(browser);
  await page.goto(url);
  const focused = (): Promise<string> =>
    page.evaluate<string>(
      "document.activeElement.textContent.trim() || document.activeElement.name || document.activeElement.ariaLabel",
    );
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Skip to content");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("content");
  await page.goto(url);
  for (let presses = 0; (await focused()) !== "q" && presses < 20; presses += 1) await page.keyboard.press("Tab");
  expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
  await page.keyboard.type(packets.transfer);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/packets/${packets.transfer}`);
  for (let presses = 0; (await focused()) !== "Fetch and verify" && presses < 80; presses += 1)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("proven", { exact: true }).waitFor();
  await close();
});

test("the theme that was chosen stays", async () => {
  const { page, close } = await openWatched(browser, { colorScheme: "light" });
  await page.goto(url);
  const ground = (): Promise<string> =>
    page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
  const light = await ground();
  await page.getByRole("button", { name: "Change colours" }).click();
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.goto(`${url}/lanes`);
  expect(await ground()).toBe(dark);
  await close();
});

test("a hash is copied as a whole", async () => {
  const { page, close } = await openWatched(browser, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${url}/packets/${packets.transfer}`);
  await page.getByRole("button", { name: "Copy the message id" }).click();
  await page.getByText("Copied.").waitFor({ state: "attached" });
  const { messageId } = (await (await fetch(`${url}/v1/packets/${packets.transfer}`)).json()) as { messageId: string };
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(messageId);
  await close();
});
