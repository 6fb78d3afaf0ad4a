// A real browser for tests, as it is installed: no test brings its own.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const path = process.env["CAUSEWAY_CHROMIUM"] ?? "/usr/bin/chromium";

export async function openChromium(): Promise<Browser> {
  if (!existsSync(path))
    throw new Error(
      `there is no Chromium at ${path}: install it (Debian: apt-get install chromium), or name one with CAUSEWAY_CHROMIUM`,
    );
  return chromium.launch({ executablePath: path });
}
