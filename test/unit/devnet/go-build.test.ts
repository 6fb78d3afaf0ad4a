// Building programs of chains: what is said when the machine lacks the tools, and who may build.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { buildPosPrograms } from "#scripts/devnet/pos/build.ts";

let cache: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "causeway-cache-"));
  vi.stubEnv("CAUSEWAY_CACHE", cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true });
});

test("names every missing tool and where to get it, and leaves no lock behind", async () => {
  vi.stubEnv("PATH", cache);
  await expect(buildPosPrograms(() => undefined)).rejects.toMatchObject({
    code: "TOOL_MISSING",
    message: expect.stringContaining("go and cc"),
    hint: expect.stringContaining("Go"),
  });
  expect(await readdir(join(cache, "nodes"))).toEqual([]);
});
