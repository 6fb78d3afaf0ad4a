// Child processes of tests: started, followed, and never left behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Child {
  readonly pid: number;
  /** The first line it writes; rejects when it ends before. */
  readonly ready: Promise<string>;
  /** Resolves with the signal or exit code it ended with. */
  readonly ended: Promise<string>;
  kill(signal: NodeJS.Signals): Promise<string>;
}

/** Runs a script of this repository, by its path from the root. */
export function runChild(script: string, argument: unknown): Child {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(argument)], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4_000);
    if (process.env["TEST_LOG"] === "1") process.stderr.write(chunk);
  });
  const ended = once(child, "close").then(([code, signal]) => String(signal ?? code));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    void ended.then((how) => reject(new Error(`${script} ended (${how}) before it was ready: ${complaint}`)));
  });
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    kill(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
