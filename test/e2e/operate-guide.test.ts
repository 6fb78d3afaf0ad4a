// docs/guides/operate.md, followed to the letter: every block in its order, in one shell, beside two chains.
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { startDemoChain } from "#scripts/demo/demo-chain.ts";
import type { DemoChain } from "#scripts/demo/demo-chain.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const MARK = "--- end of block, exit code";

let directory: string;
let chains: readonly [DemoChain, DemoChain];
let port: number;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "causeway-guide-"));
  await chmod(directory, 0o711);
  port = await freePort();
  await mkdir(join(directory, "bin"));
  await symlink(join(root, "relayer/bin/causeway.js"), join(directory, "bin/causeway"));
  chains = await Promise.all([
    startDemoChain({ name: "Alpha", chainId: 31_337, directory }),
    startDemoChain({ name: "Beta", chainId: 31_338, directory }),
  ]);
  const timers = { tick: 0.25, finalityPoll: 0.25, refresh: 1 };
  const value = { data: "data", timers, chains: chains.map(({ userConfig }) => userConfig) };
  await writeFile(join(directory, "relayer.yaml"), stringify(value));
});

afterAll(async () => {
  await Promise.all(chains.map((chain) => chain.stop()));
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** One shell for all blocks, as a reader has it; it ends at the first command that fails. */
function openShell() {
  const PATH = `${join(directory, "bin")}:${join(root, "node_modules/.bin")}:${process.env["PATH"]}`;
  const env = { ...process.env, PATH, DATABASE_URL: "", REDIS_URL: "" };
  const shell = spawn("bash", ["-eu", "-o", "pipefail"], { cwd: directory, env, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  shell.stdout.on("data", (data: Buffer) => (output += data.toString()));
  shell.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  const ended = once(shell, "exit");
  return {
    /** What it printed. */
    async run(block: string): Promise<string> {
      output = "";
      errors = "";
      shell.stdin.write(`${block}\necho '${MARK}' $?\n`);
      while (!output.includes(MARK)) {
        const over = await Promise.race([ended, once(shell.stdout, "data").then(() => undefined)]);
        if (over !== undefined) throw new Error(`the shell ended in:\n${block}\n${output}${errors}`);
      }
      return output.slice(0, output.indexOf(MARK));
    },
    end: () => shell.kill("SIGKILL"),
  };
}

it("takes an operator from a configuration to a relay that is paused, resumed and stopped", async () => {
  const text = await readFile(join(root, "docs/guides/operate.md"), "utf8");
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, block = ""]) => {
    expect(language).toBe("sh");
    return block.replaceAll("7420", String(port)).replace("http:\n", `http:\n  port: ${port}\n`);
  });
  const shell = openShell();
  const printed: string[] = [];
  try {
    for (const block of blocks) {
      printed.push(await shell.run(block));
      // The reader's users send something meanwhile.
      if (block.startsWith("causeway relay"))
        await shell.run(
          `causeway send --from eip155:31337/beacon-0 --to ${chains[1].examples.greeter} --text hello
           until causeway status eip155:31337/beacon-0/1; do sleep 0.5; done`,
        );
    }
  } finally {
    shell.end();
  }
  const all = printed.join("\n");
  for (const part of [
    "eip155:31338/beacon-0 is paused",
    "PAUSED: paused by local:",
    "INC-12: the signer's key is being changed",
    "eip155:31338/beacon-0 is worked on again",
    "packet eip155:31337/beacon-0/1",
    "eip155:31338/beacon-0 is cleared by the next relayer that looks",
    "the log is intact",
  ])
    expect(all).toContain(part);
});
