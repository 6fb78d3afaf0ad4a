// One step of a check or test run: a program, its output kept in a file, its outcome as a row of the closing table.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Step {
  readonly name: string;
  /** A program of node_modules/.bin or on PATH, or a script of ours ending in `.ts`. */
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Only reports: the step's failure does not fail the run. */
  readonly advisory?: boolean;
  /** Passes the output through while it runs. */
  readonly live?: boolean;
  /** Computes when nothing else does: for what takes as long as it computes, beside what waits. */
  readonly patient?: boolean;
}

export interface Outcome {
  readonly name: string;
  readonly status: "ok" | "FAIL" | "warn";
  readonly seconds: number;
  readonly output: string;
  readonly logPath: string;
}

export const root = fileURLToPath(new URL("../..", import.meta.url));
const logs = join(root, ".causeway/steps");

export async function runStep(step: Step): Promise<Outcome> {
  await mkdir(logs, { recursive: true });
  const logPath = join(logs, `${step.name.replaceAll(/\W+/g, "-")}.log`);
  const began = performance.now();
  const script = step.command.endsWith(".ts");
  const command = script ? process.execPath : step.command;
  const args = [...(script ? [step.command] : []), ...(step.args ?? [])];
  const log = createWriteStream(logPath);
  const code = await new Promise<number>((resolve) => {
    const path = `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1", ...step.env, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (step.patient === true && child.pid !== undefined)
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        log.write(chunk);
        if (step.live === true) process.stderr.write(chunk);
      });
    child.once("error", (error) => {
      log.write(`${error.message}\n`);
      resolve(127);
    });
    child.once("close", (status) => resolve(status ?? 1));
  });
  await new Promise((resolve) => log.end(resolve));
  return {
    name: step.name,
    status: code === 0 ? "ok" : step.advisory === true ? "warn" : "FAIL",
    seconds: (performance.now() - began) / 1000,
    output: await readFile(logPath, "utf8"),
    logPath,
  };
}
