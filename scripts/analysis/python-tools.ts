// Slither and Halmos, in a Python environment of their own in the user's cache, outside the checkout.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CausewayError } from "#adapters/protocol/error.ts";
import { cacheFolder, withLock } from "#scripts/cache.ts";
import type { Progress } from "#scripts/cache.ts";

const requirements = join(import.meta.dirname, "requirements.txt");

/** The folder of the programs. Idempotent and safe to run twice at once. Throws TOOL_MISSING. */
export async function installPythonTools(progress: Progress): Promise<string> {
  const version = (await run("python3", ["--version"]).catch(() => "")).trim();
  const [, minor] = /^Python 3\.(\d+)/.exec(version) ?? [];
  if (minor === undefined || Number(minor) < 11)
    throw new CausewayError(
      "TOOL_MISSING",
      `Slither and Halmos need Python 3.11 or newer, found ${version || "none"}`,
      {
        hint: "install Python (Debian: python3 and python3-venv), then run this again",
      },
    );
  const key = createHash("sha256")
    .update(await readFile(requirements))
    .update(version);
  const folder = join(cacheFolder(), `analysis-${key.digest("hex").slice(0, 16)}`);
  await mkdir(cacheFolder(), { recursive: true });
  await withLock(`${folder}.lock`, progress, async () => {
    // Written last: an environment without it was cut short. It cannot be moved, so it is made in its place.
    const complete = join(folder, "complete");
    if ((await readFile(complete).catch(() => undefined)) !== undefined) return;
    progress("installing Slither and Halmos (once; a minute)");
    await rm(folder, { recursive: true, force: true });
    try {
      await run("python3", ["-m", "venv", folder]);
      await run(join(folder, "bin/python"), [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        requirements,
      ]);
    } catch (error) {
      throw new CausewayError("TOOL_MISSING", `Slither and Halmos were not installed: ${(error as Error).message}`, {
        hint: "see above what pip misses (Debian: python3-venv, gcc and python3-dev), then run this again",
      });
    }
    await writeFile(complete, "");
  });
  return join(folder, "bin");
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let problem = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (problem += text));
    child.once("error", reject).once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(problem.trimEnd().split("\n").slice(-8).join("\n")));
    });
  });
}
