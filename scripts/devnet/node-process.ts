// A chain program run as a child process: its output goes to a file, and it never outlives the process that started it.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Writable } from "node:stream";
import { CausewayError } from "#adapters/protocol/error.ts";

export interface NodeProcess {
  readonly name: string;
  readonly logPath: string;
  /** Of the shell that watches over the program, its child. */
  readonly pid: number;
  /** Throws with the end of the program's log when it has exited although nobody asked it to. */
  assertRunning(): Promise<void>;
  /** Asks it to end, insists after `graceMs`; resolves when it is gone. Idempotent. */
  stop(graceMs?: number): Promise<void>;
}

// The shell stands between us and the program: file descriptor 3 is a pipe from us that closes when we end, however we end.
const GUARD = `
"$@" 3<&- </dev/null & child=$!
{ cat <&3; kill -TERM "$child"; } >/dev/null 2>&1 & guard=$!
wait "$child"; code=$?
kill "$guard" 2>/dev/null
exit "$code"`;

export function startNode(name: string, command: string, args: readonly string[], logPath: string): NodeProcess {
  const log = createWriteStream(logPath, { flags: "a" });
  // Its own process group: Ctrl-C reaches only us, and we stop the programs in the right order.
  const child = spawn("/bin/sh", ["-c", GUARD, "sh", command, ...args], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const lifeline = child.stdio[3] as Writable;
  lifeline.on("error", () => undefined);
  let exited: string | undefined;
  let stopping = false;
  const closed = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      exited = error.message;
      resolve();
    });
    // The guard holds its end of the lifeline until we let go of ours, and only then are all pipes closed.
    child.once("exit", (code, signal) => {
      exited = signal ?? `exit code ${code}`;
      lifeline.destroy();
    });
    child.once("close", () => log.end(resolve));
  });
  return {
    name,
    logPath,
    pid: child.pid ?? 0,
    async assertRunning() {
      if (exited === undefined || stopping) return;
      await closed;
      const end = (await readFile(logPath, "utf8").catch(() => "")).trimEnd().split("\n").slice(-12).join("\n");
      throw new CausewayError("NODE_FAILED", `${name} ended (${exited}); the end of ${logPath}:\n${end}`, {
        context: { name, logPath },
      });
    },
    async stop(graceMs = 10_000) {
      stopping = true;
      lifeline.end();
      const insist = setTimeout(() => {
        if (child.pid !== undefined && exited === undefined) process.kill(-child.pid, "SIGKILL");
      }, graceMs);
      await closed;
      clearTimeout(insist);
    },
  };
}
