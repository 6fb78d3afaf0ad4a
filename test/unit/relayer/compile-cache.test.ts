// What the command line keeps of its compiled modules: in the user's cache folder, and it starts without one as well.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "#scripts/steps/step.ts";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "causeway-home-"));
});
afterAll(() => rm(home, { recursive: true }));

async function help(environment: Readonly<Record<string, string>>): Promise<string> {
  const { NODE_COMPILE_CACHE: _, HOME: __, XDG_CACHE_HOME: ___, ...rest } = process.env;
  const command = [join(root, "relayer/bin/causeway.js"), "config", "check", "--help"];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env: { ...rest, ...environment } });
  return stdout;
}

it("is below the user's home", async () => {
  expect(await help({ HOME: home })).toContain("Usage: causeway config check");
  expect(await readdir(join(home, ".cache", "causeway", "compiled"))).toHaveLength(1);
});

it("is nowhere where there is no home, or it cannot be written", async () => {
  const file = join(home, "file");
  await writeFile(file, "");
  for (const environment of [{}, { HOME: file }])
    expect(await help(environment)).toContain("Usage: causeway config check");
});
