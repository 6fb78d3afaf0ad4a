// The command line as an operator runs it: processes of its own, with a configuration file over development chains.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { stringify } from "yaml";
import type { DemoChain } from "#scripts/demo/demo-chain.ts";
import { freePort } from "#scripts/devnet/free-port.ts";

const launcher = fileURLToPath(new URL("../../relayer/bin/causeway.js", import.meta.url));
const environment = { ...process.env, DATABASE_URL: "", REDIS_URL: "" };

export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface CommandLine {
  /** Where the relayer answers when it runs. */
  readonly api: string;
  /** Writes the configuration; `change` goes into every chain's block. */
  configure(chains: readonly DemoChain[], routes: readonly unknown[], change?: object): Promise<void>;
  start(...argv: string[]): ChildProcess;
  causeway(...argv: string[]): Promise<Ran>;
  /** The JSON answer of a command that has to succeed. */
  answer<T>(...argv: string[]): Promise<T>;
}

/** Everything lies in `directory`. */
export async function openCommandLine(directory: string): Promise<CommandLine> {
  const port = await freePort();
  const config = join(directory, "relayer.yaml");
  const start = (...argv: string[]): ChildProcess =>
    spawn(process.execPath, [launcher, ...argv, "--config", config], {
      stdio: ["ignore", "pipe", "pipe"],
      env: environment,
      cwd: directory,
    });

  async function causeway(...argv: string[]): Promise<Ran> {
    const child = start(...argv);
    let [output, errors] = ["", ""];
    child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr?.on("data", (data: Buffer) => (errors += data.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output, errors };
  }

  return {
    api: `http://127.0.0.1:${port}`,
    start,
    causeway,
    async configure(chains, routes, change = {}) {
      const value = {
        data: "data",
        http: { port },
        timers: { tick: 0.25, finalityPoll: 0.25 },
        chains: chains.map(({ userConfig }) => ({ ...userConfig, ...change })),
        routes,
      };
      await writeFile(config, stringify(value));
    },
    async answer<T>(...argv: string[]): Promise<T> {
      const { code, output, errors } = await causeway(...argv, "--json");
      expect({ argv, code, errors }).toEqual({ argv, code: 0, errors: "" });
      return JSON.parse(output) as T;
    },
  };
}
