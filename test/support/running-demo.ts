// The demo as a process of its own, up until it is told to end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../relayer/cli.ts", import.meta.url));

export interface RunningDemo {
  /** What it tells scripts, by variable. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ctrl-C: what it ended with, and all it printed. */
  stop(): Promise<{ readonly code: number | null; readonly output: string }>;
}

/** Resolves when its packets have arrived; rejects when it ends before. `directory` is for its environment's file. */
export async function startDemo(directory: string): Promise<RunningDemo> {
  const path = join(directory, "demo.env");
  const child = spawn(process.execPath, [cli, "demo", "--env", path], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DATABASE_URL: "", REDIS_URL: "" },
  });
  let output = "";
  const ended = once(child, "close");
  await new Promise<void>((resolve, reject) => {
    const read = (data: Buffer): void => {
      output += data.toString();
      if (output.includes("to go on, in another terminal:")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    void ended.then(() => reject(new Error(`the demo ended before it was up: ${output}`)));
  });
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  const variables = lines.map((line) => /^export (\w+)='(.*)'$/.exec(line)?.slice(1) ?? []);
  return {
    environment: Object.fromEntries(variables) as Record<string, string>,
    async stop() {
      child.kill("SIGINT");
      const [code] = (await ended) as [number | null];
      return { code, output };
    },
  };
}
