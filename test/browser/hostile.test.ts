// What others put into packets is text, whatever it would like to be.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openChromium } from "#test/support/chromium.ts";
import { HOSTILE_MEMO } from "#test/support/explorer-world.ts";
import { openWatched, overflow } from "#test/support/watched-page.ts";

const { url, packets } = inject("explorer");
let browser: Browser;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());

test("a memo that closes scripts, loads images and turns text around is read as what it is", async () => {
  const { page, complaints, close } = await openWatched(browser);
  await page.goto(`${url}/packets/${packets.transfer}`);
  const memo = page.locator("dt:text-is('Memo') + dd");
  const shown = HOSTILE_MEMO.replace("\u202e", "⟨U+202E⟩").replace("\u202c", "⟨U+202C⟩");
  expect(await memo.locator("bdi").first().innerText()).toContain(shown.slice(0, 100));
  // What is opened before the page's script has begun is closed by that.
  await expect
    .poll(async () => {
      if (!(await memo.locator("details").evaluate((details) => (details as HTMLDetailsElement).open)))
        await memo.getByText("characters").click();
      return memo.locator("details bdi").innerText();
    })
    .toBe(shown);
  expect(await page.locator("main img").count()).toBe(0);
  expect(await page.title()).toBe(`Packet ${packets.transfer} · Causeway`);
  expect(await page.locator("body").innerText()).not.toMatch(/[\u202a-\u202e]/);
  expect(complaints).toEqual([]);
  await close();
});

test("so is a token's name, also after the page changed by itself", async () => {
  const { page, complaints, close } = await openWatched(browser, { viewport: { width: 320, height: 900 } });
  const name = `transfer/client-9/<img src=x onerror=alert(1)>\u202e${"m".repeat(500)}`;
  // The contracts send no such name; a chain of another kind may.
  await page.route(`**/v1/packets/${packets.transfer}`, async (route) => {
    const response = await route.fetch();
    const { encodeTransferData } = await import("#adapters/protocol/transfer-data.ts");
    const value = encodeTransferData({ denom: name, sender: name, receiver: name, amount: 1n, memo: name });
    const packet = (await response.json()) as { payloads: { value: string }[] };
    for (const payload of packet.payloads) payload.value = Buffer.from(value).toString("hex");
    await route.fulfill({ response, json: packet });
  });
  await page.addInitScript(
    "document.addEventListener('DOMContentLoaded', () => document.querySelector('#live').insertAdjacentHTML('beforeend', '<i data-late></i>'))",
  );
  await page.goto(`${url}/packets/${packets.transfer}`);
  await page.getByText("transfer/client-9/<img src=x onerror=alert(1)>⟨U+202E⟩").first().waitFor();
  expect(await page.locator("main img").count()).toBe(0);
  expect(await overflow(page)).toBe(0);
  expect(complaints).toEqual([]);
  await close();
});

test("what was searched for comes back as text", async () => {
  const { page, complaints, close } = await openWatched(browser);
  await page.goto(`${url}/search?q=${encodeURIComponent(`"><script>alert(1)</script>\u202eabc`)}`);
  expect(await page.locator("main code").first().innerText()).toBe(`"><script>alert(1)</script>⟨U+202E⟩abc`);
  expect(complaints).toEqual([]);
  await close();
});
