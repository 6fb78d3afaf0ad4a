// Runs a guide as its reader would: every fenced block, in order, in a scratch folder that has the checkout in it as `causeway`. That is a
// link: name files by `$PWD`, since `..` seen from inside is elsewhere.
//
// A block is what the word after its fence says:
//   sh             commands, all in one bash session: where they went and what they exported stays. One that fails ends the guide.
//   sh background  a command that goes on; it is waited for until the text block after it has appeared, and gets Ctrl-C in the end.
//   text           what the block before it printed: these lines, in this order. `…` is anything, also in a line of its own.
//   ts send.ts     (or js, json, yaml, solidity, …) the content of that file, where the session is; a file named again is added to.
// Anything else is a mistake in the guide: a block that is not run is not in it.
//
// `npm install` is played by offline-npm.ts, since no test reaches a network: it takes from this checkout's node_modules.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { root } from "#scripts/steps/step.ts";

export type Block =
  | { readonly kind: "run" | "background"; readonly line: number; readonly text: string }
  | { readonly kind: "expect"; readonly line: number; readonly text: string }
  | { readonly kind: "file"; readonly line: number; readonly text: string; readonly name: string };

const FENCE = /^```(.*)\n([\s\S]*?)^```$/gm;
const FILE = /^(?:ts|js|json|yaml|solidity|sh) (?!background$)([\w./-]+)$/;

/** Throws for a block that nobody would run. */
export function readGuide(markdown: string): Block[] {
  return [...markdown.matchAll(FENCE)].map(({ 1: info = "", 2: text = "", index }): Block => {
    const line = markdown.slice(0, index).split("\n").length;
    const name = FILE.exec(info)?.[1];
    if (info === "sh") return { kind: "run", line, text };
    if (info === "sh background") return { kind: "background", line, text };
    if (info === "text") return { kind: "expect", line, text };
    if (name !== undefined) return { kind: "file", line, text, name };
    throw new TypeError(`line ${line}: a block "${info}" is not run; see test/support/guide.ts`);
  });
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Whether the output has these lines in this order. */
export function hasOutput(expected: string, output: string): boolean {
  const lines = expected
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "…");
  const pattern = lines.map((line) => `^\\s*${line.split("…").map(escaped).join(".*")}\\s*$`).join("[\\s\\S]*?");
  return new RegExp(pattern, "m").test(output);
}

interface Session {
  run(block: Block): Promise<void>;
  background(block: Block): Promise<void>;
  output(): Promise<string>;
  write(name: string, text: string): Promise<void>;
  close(): Promise<void>;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

async function openSession(folder: string): Promise<Session> {
  const bin = join(folder, ".bin");
  await mkdir(bin);
  const npm = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(join(root, "test/support/offline-npm.ts"))} "$@"\n`;
  await writeFile(join(bin, "npm"), npm, { mode: 0o755 });
  const { PATH = "" } = process.env;
  const bash: ChildProcess = spawn("bash", ["--noprofile", "--norc"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      PATH: `${bin}:${join(process.execPath, "..")}:${PATH}`,
      PATH_WITHOUT_GUIDE: PATH,
      HOME: folder,
      DATABASE_URL: "",
      REDIS_URL: "",
    },
  });
  const { stdin, stdout } = bash;
  if (stdin === null || stdout === null) throw new TypeError("bash has no pipes");
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  // Where bash has ended, whoever reads its output finds out.
  stdin.on("error", () => undefined);
  // Each job in a process group of its own, so that Ctrl-C reaches all of it.
  stdin.write("set -euo pipefail; set -m\n");
  const jobs: number[] = [];
  let log = "";
  const next = async (block: Block): Promise<string> => {
    const { value, done } = await lines.next();
    if (done !== true) return value;
    throw new Error(`line ${block.line}: the commands failed:\n${await readFile(log, "utf8")}`);
  };
  return {
    // What goes on in the background may not have opened it yet.
    output: () => readFile(log, "utf8").catch(() => ""),
    async run(block) {
      log = join(folder, `.output-${block.line}`);
      stdin.write(`{\n${block.text}\n} > ${quoted(log)} 2>&1 < /dev/null\necho done\n`);
      await next(block);
    },
    async background(block) {
      log = join(folder, `.output-${block.line}`);
      stdin.write(`{\n${block.text}\n} > ${quoted(log)} 2>&1 < /dev/null &\necho $!\n`);
      jobs.push(Number(await next(block)));
    },
    async write(name, text) {
      const marker = "END-OF-FILE-IN-GUIDE";
      log = join(folder, ".output-file");
      stdin.write(
        `mkdir -p "$(dirname ${quoted(name)})"\ncat >> ${quoted(name)} <<'${marker}'\n${text}${marker}\necho done\n`,
      );
      await lines.next();
    },
    async close() {
      const closed = bash.exitCode === null && bash.signalCode === null ? once(bash, "close") : undefined;
      stdin.end();
      for (const job of jobs) await interrupt(job);
      await closed;
    },
  };
}

const GRACE_MS = 20_000;

/** A whole process group, which ends by itself or is ended. */
async function interrupt(job: number): Promise<void> {
  const signal = (name: NodeJS.Signals | 0): boolean => {
    try {
      return process.kill(-job, name);
    } catch {
      return false;
    }
  };
  signal("SIGINT");
  for (let waited = 0; signal(0) && waited < GRACE_MS; waited += 100) await delay(100);
  signal("SIGKILL");
}

const APPEARS_MS = 300_000;

/** Throws with the line of the block that did not do what the guide says. */
export async function runGuide(markdown: string): Promise<void> {
  const blocks = readGuide(markdown);
  const folder = await realpath(await mkdtemp(join(tmpdir(), "causeway-guide-")));
  // A database under it runs as a user of its own, who has to get there.
  await chmod(folder, 0o711);
  await symlink(root, join(folder, "causeway"));
  const session = await openSession(folder);
  try {
    for (const [index, block] of blocks.entries()) {
      if (block.kind === "file") await session.write(block.name, block.text);
      else if (block.kind === "run") await session.run(block);
      else if (block.kind === "background") await session.background(block);
      else await expectOutput(session, block, blocks[index - 1]?.kind === "background" ? APPEARS_MS : 0);
    }
  } finally {
    await session.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function expectOutput(session: Session, block: Block, patience: number): Promise<void> {
  for (let waited = 0; ; waited += 200) {
    const output = await session.output();
    if (hasOutput(block.text, output)) return;
    if (waited >= patience) throw new Error(`line ${block.line}: expected\n${block.text}\nand there was\n${output}`);
    await delay(200);
  }
}
