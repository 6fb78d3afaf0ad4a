// Compiles the contract in a folder of its own and optimizes it. Neither that folder nor the checkout leaves a trace in the bytes.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { CausewayError } from "#adapters/protocol/error.ts";
import { root } from "#scripts/steps/step.ts";
import { sourcePaths } from "./artifact.ts";
import { TARGET } from "./toolchain.ts";
import type { Toolchain } from "./toolchain.ts";

/** wasm-opt: nothing that came after the first version of wasm but exported globals, and no word about tools or names. */
const optimize = [
  "-Os",
  "--signext-lowering",
  "--llvm-memory-copy-fill-lowering",
  "--strip-debug",
  "--strip-producers",
  "--strip-target-features",
];

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "inherit", "inherit"] });
  if (child.pid !== undefined) setPriority(child.pid, 10);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code !== 0) throw new CausewayError("INVALID_ARGUMENT", `${program} failed`, { hint: "see above" });
}

function flags(toolchain: Toolchain, folder: string): string {
  const crates = join(process.env["CARGO_HOME"] ?? join(homedir(), ".cargo"), "registry/src");
  return [
    `-Clinker=${toolchain.linker}`,
    `--remap-path-prefix=${folder}=causeway`,
    `--remap-path-prefix=${crates}=crates`,
    `--remap-path-prefix=${join(toolchain.sysroot, "lib/rustlib/src/rust")}=rust`,
    // Which line a panic came from is of no use to a VM that does not ask; it would be most of the paths.
    "-Zlocation-detail=none",
  ].join("\u001f");
}

/** The contract's bytes. Takes a minute or two. */
export async function buildContract(toolchain: Toolchain): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-wasm-"));
  try {
    for (const path of sourcePaths()) cpSync(join(root, path), join(folder, path));
    const target = join(folder, "target");
    const library = toolchain.buildsLibrary ? ["-Zbuild-std=core,alloc"] : [];
    await run(
      "cargo",
      ["build", "--release", "--locked", "--package", "causeway-ethereum", "--target", TARGET, ...library],
      join(folder, "contracts"),
      {
        RUSTC: toolchain.rustc,
        RUSTC_BOOTSTRAP: "1",
        CARGO_ENCODED_RUSTFLAGS: flags(toolchain, folder),
        CARGO_TARGET_DIR: target,
      },
    );
    const [compiled, optimized] = [join(target, TARGET, "release/causeway_ethereum.wasm"), join(folder, "opt.wasm")];
    await run(
      process.execPath,
      [join(root, "node_modules/binaryen/bin/wasm-opt"), ...optimize, compiled, "-o", optimized],
      folder,
      {},
    );
    return new Uint8Array(readFileSync(optimized));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
