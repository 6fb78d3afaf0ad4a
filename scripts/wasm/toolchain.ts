// Finds a Rust compiler that can make wasm of the first version, which is all that CosmWasm's VM takes.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { CausewayError } from "#adapters/protocol/error.ts";

/** Core and alloc of it use no feature later than the first version of wasm. */
export const TARGET = "wasm32v1-none";

export interface Toolchain {
  readonly rustc: string;
  /** As `rustc --version` says. */
  readonly version: string;
  readonly sysroot: string;
  readonly linker: string;
  /** The target's library is not installed, but its sources are: it is built along. */
  readonly buildsLibrary: boolean;
}

/** The program's answer; undefined when it is not there or fails. */
function ask(program: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Every `rustc` on PATH, rustup's default before the distribution's. */
const compilers = (): string[] => [
  ...new Set(
    (process.env["PATH"] ?? "")
      .split(delimiter)
      .map((folder) => join(folder, "rustc"))
      .filter((path) => existsSync(path)),
  ),
];

const linkersIn = (sysroot: string, host: string): string[] =>
  [`lib/rustlib/${host}/bin/rust-lld`, "lib/rustlib/bin/rust-lld"].map((path) => join(sysroot, path));

const hostOf = (rustc: string): string => /^host: (?<host>\S+)$/m.exec(ask(rustc, "-vV") ?? "")?.groups?.["host"] ?? "";

/** LLVM's linker: the compiler's own, another compiler's, or the system's. */
function findLinker(rustcs: readonly string[]): string | undefined {
  const owned = rustcs.flatMap((rustc) => linkersIn(ask(rustc, "--print", "sysroot") ?? "", hostOf(rustc)));
  const found = owned.find((path) => existsSync(path));
  if (found !== undefined) return found;
  return ask("wasm-ld", "--version") === undefined ? undefined : "wasm-ld";
}

/** Throws TOOL_MISSING. A compiler with the target installed is preferred to one that has to build its library first. */
export function findToolchain(): Toolchain {
  const rustcs = compilers();
  const candidates = rustcs.flatMap((rustc) => {
    const [version, sysroot] = [ask(rustc, "--version"), ask(rustc, "--print", "sysroot")];
    if (version === undefined || sysroot === undefined) return [];
    const hasTarget = existsSync(join(sysroot, "lib/rustlib", TARGET, "lib"));
    const hasSources = existsSync(join(sysroot, "lib/rustlib/src/rust/library/core/Cargo.toml"));
    const linker = findLinker([rustc, ...rustcs]);
    if (linker === undefined || (!hasTarget && !hasSources)) return [];
    return [{ rustc, version, sysroot, linker, buildsLibrary: !hasTarget }];
  });
  const chosen = candidates.find(({ buildsLibrary }) => !buildsLibrary) ?? candidates[0];
  if (chosen !== undefined && ask("cargo", "--version") !== undefined) return chosen;
  throw new CausewayError("TOOL_MISSING", "compiling the contract needs cargo, and a rustc that can make wasm", {
    hint: `install one with rustup (rustup target add ${TARGET}), or the library's sources (rustup component add rust-src; Debian: apt-get install rustc-web rust-web-src lld), then run this again`,
    context: { looked: rustcs.join(" ") },
  });
}
