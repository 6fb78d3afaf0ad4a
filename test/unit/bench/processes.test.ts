import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { cpuSeconds, findProcesses, peakMebibytes } from "#test/bench/relay/processes.ts";

const children: ReturnType<typeof spawn>[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    // With what it has started: it leads a group of its own.
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await once(child, "exit");
  }
});

/** A shell that has a child of its own. */
async function startShell(): Promise<number> {
  const child = spawn("/bin/sh", ["-c", "sleep 60 & echo ready; wait"], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  children.push(child);
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

test.runIf(process.platform === "linux")("what a root has started has the root's role, and only that", async () => {
  const [relayer, other] = [await startShell(), await startShell()];
  const find = () => findProcesses(new Map([[relayer, "relayer" as const]]));
  // The shell's child has the shell's name until it runs its own program.
  const below = () => find().filter(({ parent }) => parent === relayer);
  await expect.poll(() => below().map(({ name, role }) => `${name} ${role}`)).toEqual(["sleep relayer"]);
  const found = find();
  expect(found.find(({ pid }) => pid === other)?.role).toBe("bench");
  expect(found.find(({ pid }) => pid === process.pid)?.role).toBe("bench");
});

test.runIf(process.platform === "linux")(
  "this process has used time and memory, and a role that nobody has none",
  () => {
    expect(cpuSeconds(new Map()).bench).toBeGreaterThan(0);
    expect(cpuSeconds(new Map()).relayer).toBe(0);
    expect(peakMebibytes(new Map(), "bench")).toBeGreaterThan(1);
    expect(peakMebibytes(new Map(), "relayer")).toBe(0);
  },
);
