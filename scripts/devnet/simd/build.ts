// simd, ibc-go's own chain with the module for light clients in wasm; built once per version.
import { execFile } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Progress } from "#scripts/cache.ts";
import { buildGoModule } from "../go-build.ts";

const source = join(import.meta.dirname, "go");

/** Path of the program. Idempotent and safe to run twice at once. Throws TOOL_MISSING or NODE_FAILED. */
export async function buildSimd(progress: Progress): Promise<string> {
  const folder = await buildGoModule(
    {
      name: "simd",
      source,
      programs: ["simd"],
      // Without it the program finds its wasm machine only as long as Go's module cache is there.
      linkerFlags: "-extldflags=-Wl,-rpath,$ORIGIN",
      complete: shipWasmMachine,
    },
    progress,
  );
  return join(folder, "simd");
}

/** The wasm machine is a shared library inside its Go module. */
async function shipWasmMachine(folder: string): Promise<void> {
  const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/CosmWasm/wasmvm/v2"];
  const { stdout } = await promisify(execFile)("go", list, { cwd: source, env: { ...process.env, GOWORK: "off" } });
  const name = `libwasmvm.${process.arch === "arm64" ? "aarch64" : "x86_64"}.so`;
  await copyFile(join(stdout.trim(), "internal/api", name), join(folder, name));
}
