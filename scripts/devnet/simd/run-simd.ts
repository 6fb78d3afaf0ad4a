// One command of simd that ends by itself.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CausewayError } from "#adapters/protocol/error.ts";

/** Runs a command on the data of one node; what it prints. Throws NODE_FAILED. */
export type RunSimd = (home: string, ...args: string[]) => Promise<string>;

export const createRunSimd =
  (program: string): RunSimd =>
  async (home, ...args) => {
    try {
      const { stdout } = await promisify(execFile)(program, [...args, "--home", home], { timeout: 120_000 });
      return stdout;
    } catch (error) {
      const output = (error as { stderr?: string }).stderr ?? "";
      throw new CausewayError("NODE_FAILED", `simd ${args[0]} failed:\n${output.trim().slice(-2000)}`, {
        cause: error,
      });
    }
  };
