// Builds programs of chains once per version from their Go modules and keeps them in the user's cache, outside the checkout.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { setPriority } from "node:os";
import { join } from "node:path";
import { CausewayError } from "#adapters/protocol/error.ts";
import { cacheFolder, withLock } from "#scripts/cache.ts";
import type { Progress } from "#scripts/cache.ts";

/** A wrapper module: its go.mod names the programs as tools, its go.sum pins every module by hash. */
export interface GoModule {
  readonly name: string;
  /** Folder of go.mod and go.sum. */
  readonly source: string;
  readonly programs: readonly string[];
  readonly linkerFlags?: string;
  /** Puts what the programs need at run time beside them. */
  readonly complete?: (folder: string) => Promise<void>;
}

const nodeCache = (): string => join(cacheFolder(), "nodes");

const succeeds = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );

const exists = (path: string): Promise<boolean> => succeeds(access(path));

const buildFlags = ({ linkerFlags }: GoModule): string[] => [
  "-trimpath",
  `-ldflags=-s -w${linkerFlags === undefined ? "" : ` ${linkerFlags}`}`,
];

/** The folder with the programs. Idempotent and safe to run twice at once. Throws TOOL_MISSING or NODE_FAILED. */
export async function buildGoModule(module: GoModule, progress: Progress): Promise<string> {
  const { name, source } = module;
  const programs = module.programs.join(", ");
  const key = createHash("sha256").update(buildFlags(module).join(" ")).update(`${process.platform}-${process.arch}`);
  for (const file of ["go.mod", "go.sum"]) key.update(await readFile(join(source, file)));
  const folder = join(nodeCache(), `${name}-${key.digest("hex").slice(0, 16)}`);
  if (await exists(folder)) return folder;
  await mkdir(nodeCache(), { recursive: true });
  await withLock(`${folder}.lock`, progress, async () => {
    if (await exists(folder)) return;
    await requireTools(programs);
    for (const left of await readdir(nodeCache()))
      if (left.startsWith(`.${name}-`)) await rm(join(nodeCache(), left), { recursive: true });
    const draft = await mkdtemp(join(nodeCache(), `.${name}-`));
    progress(`building ${programs} (once; some minutes)`);
    await goBuild(module, draft, progress);
    await module.complete?.(draft);
    await rename(draft, folder);
    progress(`built ${programs} into ${folder}`);
  });
  return folder;
}

async function requireTools(programs: string): Promise<void> {
  const missing: string[] = [];
  for (const [tool, args] of [
    ["go", ["version"]],
    ["cc", ["--version"]],
  ] as const)
    if (!(await run(tool, args).catch(() => false))) missing.push(tool);
  if (missing.length === 0) return;
  throw new CausewayError("TOOL_MISSING", `building ${programs} needs ${missing.join(" and ")} on PATH`, {
    hint: "install Go 1.26 or newer (https://go.dev/doc/install) and a C compiler (Debian: gcc), then run this again",
    context: { missing: missing.join(" ") },
  });
}

const run = (command: string, args: readonly string[]): Promise<boolean> =>
  new Promise((resolve, reject) => {
    spawn(command, args, { stdio: "ignore" })
      .once("error", reject)
      .once("close", (code) => resolve(code === 0));
  });

/** `go build -v` names each package as it is compiled: the count is the progress, the last lines the explanation of a failure. */
async function goBuild(module: GoModule, target: string, progress: Progress): Promise<void> {
  const { name, source } = module;
  const began = Date.now();
  const child = spawn("go", ["build", "-v", ...buildFlags(module), "-o", `${target}/`, "tool"], {
    cwd: source,
    env: { ...process.env, GOWORK: "off" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (child.pid !== undefined) setPriority(child.pid, 10);
  let packages = 0;
  let last: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = text.split("\n").filter((line) => line !== "");
    packages += lines.length;
    last = [...last, ...lines].slice(-8);
  });
  const ticker = setInterval(
    () => progress(`building ${name}: ${packages} steps, ${Math.round((Date.now() - began) / 1000)} s`),
    15_000,
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  }).finally(() => clearInterval(ticker));
  if (code !== 0) throw new CausewayError("NODE_FAILED", `go build of ${name} failed:\n${last.join("\n")}`);
}
