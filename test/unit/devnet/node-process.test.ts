// A chain's program never outlives whoever started it, and its end is explained.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startNode } from "#scripts/devnet/node-process.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "causeway-node-"));
});
afterEach(() => rm(dir, { recursive: true }));

const log = (): string => join(dir, "node.log");
/** Prints its process id, then stays; a program that ignores requests to end has `trap ''`. */
const SCRIPT = 'echo "pid $$"; exec sleep 600';
const DEAF = 'trap "" TERM; echo "pid $$"; while :; do sleep 1; done';

async function printedPid(path: string): Promise<number> {
  for (;;) {
    const pid = /^pid (\d+)$/m.exec(await readFile(path, "utf8").catch(() => ""))?.[1];
    if (pid !== undefined) return Number(pid);
    await sleep(20);
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(20);
}

test("stops when asked, twice without harm", async () => {
  const node = startNode("sleeper", "/bin/sh", ["-c", SCRIPT], log());
  const pid = await printedPid(log());
  await node.assertRunning();
  await node.stop();
  await node.stop();
  expect(isRunning(pid)).toBe(false);
});

test("is killed when it does not listen", async () => {
  const node = startNode("deaf", "/bin/sh", ["-c", DEAF], log());
  const pid = await printedPid(log());
  await node.stop(200);
  await untilGone(pid);
});

test("ends when its starter is killed", async () => {
  const module = new URL("../../../scripts/devnet/node-process.ts", import.meta.url).href;
  const code = `import { startNode } from ${JSON.stringify(module)};
    startNode("sleeper", "/bin/sh", ["-c", ${JSON.stringify(SCRIPT)}], ${JSON.stringify(log())});`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
  const pid = await printedPid(log());
  starter.kill("SIGKILL");
  await once(starter, "exit");
  await untilGone(pid);
});

test("an unexpected end is reported with the end of its log", async () => {
  const node = startNode("failing", "/bin/sh", ["-c", "echo no such genesis >&2; exit 3"], log());
  await expect
    .poll(() =>
      node.assertRunning().then(
        () => undefined,
        (error: unknown) => error,
      ),
    )
    .toMatchObject({ code: "NODE_FAILED", message: expect.stringMatching(/failing.*exit code 3[^]*no such genesis/) });
});

test("a program that does not exist is reported", async () => {
  const node = startNode("absent", join(dir, "nothing"), [], log());
  await expect
    .poll(() =>
      node.assertRunning().then(
        () => undefined,
        (error: unknown) => error,
      ),
    )
    .toMatchObject({ code: "NODE_FAILED", message: expect.stringContaining("exit code 127") });
});
