// Runs a program of the analysis with our compiler, its lines shown as they come.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "#scripts/steps/step.ts";
import type { Progress } from "#scripts/cache.ts";

/** Several times what any of them needs. */
const MINUTES = 15;

export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Of the Python programs. */
  readonly tools: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly progress: Progress;
  /** Which lines to show; all of them when it is not given. */
  readonly shown?: (line: string) => boolean;
}

/** Resolves to the exit code: 127 when the program does not start. */
export function runTool({ command, args, cwd, tools, env, progress, shown }: ToolRun): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: {
        ...process.env,
        NO_COLOR: "1",
        FOUNDRY_SOLC: join(root, "scripts/analysis/solc.ts"),
        ...env,
        PATH: `${join(root, "node_modules/.bin")}:${tools}:${process.env["PATH"] ?? ""}`,
      },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: MINUTES * 60_000,
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (text: string) => {
        const lines = stripVTControlCharacters(rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.trim() !== "" && (shown?.(line) ?? true)) progress(line.trimEnd());
      });
    }
    child.once("error", (error) => {
      progress(error.message);
      resolve(127);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}
