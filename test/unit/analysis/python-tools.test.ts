// Installing Slither and Halmos: what is said when the machine lacks what they need, and that nothing half-made is taken for whole.
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { installPythonTools } from "#scripts/analysis/python-tools.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "causeway-python-"));
  vi.stubEnv("CAUSEWAY_CACHE", join(folder, "cache"));
  vi.stubEnv("PATH", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A `python3` that answers to `--version`, and fails at everything else. */
async function python(version: string): Promise<void> {
  const script = `#!/bin/sh\n[ "$1" = --version ] && { echo "${version}"; exit 0; }\necho "no module named $2" >&2\nexit 1\n`;
  await writeFile(join(folder, "python3"), script);
  await chmod(join(folder, "python3"), 0o755);
}

const install = () => installPythonTools(() => undefined);

test("names Python when there is none", async () => {
  await expect(install()).rejects.toMatchObject({
    code: "TOOL_MISSING",
    message: expect.stringContaining("found none"),
  });
});

test.each(["Python 3.10.14", "Python 2.7.18", "Python 4.0.0", "something else"])("refuses %s", async (version) => {
  await python(version);
  await expect(install()).rejects.toMatchObject({ code: "TOOL_MISSING", message: expect.stringContaining(version) });
});

test("says why the environment could not be made, and tries again the next time", async () => {
  await python("Python 3.12.1");
  for (let attempt = 0; attempt < 2; attempt += 1)
    await expect(install()).rejects.toMatchObject({
      code: "TOOL_MISSING",
      message: expect.stringContaining("no module named venv"),
      hint: expect.stringContaining("python3-venv"),
    });
  expect(await readdir(join(folder, "cache"))).toEqual([]);
});
