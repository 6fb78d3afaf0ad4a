// docs/guides/receive.md, followed to the letter in an empty folder: every block of it is written or run, in order. Only what
// `npm install` would fetch is linked from here instead, after a look at its version.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const manifest = z.object({
  version: z.string(),
  bin: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
});

interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that the line before it names last. */
  readonly file: string | undefined;
}

async function blocksOf(guide: string): Promise<Block[]> {
  const text = await readFile(join(root, "docs/guides", guide), "utf8");
  return [...text.matchAll(/^([^\n]*)\n\n```(\w+)\n(.*?)^```$/gms)].map(
    ([, before = "", language = "", body = ""]) => ({
      language,
      text: body,
      file: before
        .split("\n")
        .at(-1)
        ?.match(/`([\w./-]+\.\w+)`/g)
        ?.at(-1)
        ?.replaceAll("`", ""),
    }),
  );
}

let directory: string;
let project: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "causeway-guide-"));
  project = join(directory, "guest-book");
  await mkdir(project);
  await symlink(root, join(directory, "causeway"));
});
afterAll(() => rm(directory, { recursive: true }));

/** As npm does it for a folder: a link to it, and to its programs. */
async function link(name: string, target: string): Promise<void> {
  const bin = join(project, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await symlink(target, join(project, "node_modules", name));
  const { bin: programs } = manifest.parse(JSON.parse(await readFile(join(target, "package.json"), "utf8")));
  const named = typeof programs === "string" ? { [name]: programs } : (programs ?? {});
  for (const [program, path] of Object.entries(named)) await symlink(join(target, path), join(bin, program));
}

async function install(words: readonly string[]): Promise<void> {
  for (const word of words.filter((one) => !one.startsWith("-"))) {
    const [name = "", version] = word.split("@");
    if (name.startsWith(".")) {
      await link("causeway", join(project, name));
      continue;
    }
    const target = join(root, "node_modules", name);
    expect({ name, version }).toEqual({
      name,
      version: manifest.parse(JSON.parse(await readFile(join(target, "package.json"), "utf8"))).version,
    });
    await link(name, target);
  }
}

/** With this Node, and without a network. */
const shell = (line: string) =>
  spawnSync("bash", ["-c", line], {
    cwd: project,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
      NO_COLOR: "1",
      npm_config_offline: "true",
    },
  });

async function run(line: string): Promise<string> {
  const [command, verb, ...words] = line.split(" ");
  if (command === "npm" && verb === "install") {
    await install(words);
    return "";
  }
  const { status, stdout, stderr } = shell(line);
  expect({ line, status, output: stdout + stderr }).toMatchObject({ line, status: 0 });
  return stdout;
}

it("takes a developer from an empty folder to a tested receiver", async () => {
  const blocks = await blocksOf("receive.md");
  expect(blocks.map(({ language, file }) => file ?? language)).toEqual([
    "sh",
    "hardhat.config.js",
    "contracts/GuestBook.sol",
    "contracts/GuestBook.t.sol",
    "sh",
    "text",
  ]);
  let output = "";
  for (const { language, text, file } of blocks) {
    if (file !== undefined) {
      await mkdir(dirname(join(project, file)), { recursive: true });
      await writeFile(join(project, file), text);
    } else if (language === "sh") {
      output = "";
      for (const line of text.trim().split("\n")) output += await run(line);
    } else expect(output).toContain(text.trim());
  }
});
