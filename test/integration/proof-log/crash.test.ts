// Killed at any instant, the log keeps what it said was durable, and nothing half-written.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProofLog } from "#relayer/proof-log/open.ts";
import { openLogDatabase, quiet } from "./log-database.ts";
import type { LogDatabase } from "./log-database.ts";

const script = fileURLToPath(new URL("append-forever.ts", import.meta.url));
let database: LogDatabase;

beforeAll(async () => {
  database = await openLogDatabase();
});
afterAll(() => database.close());

/** Kills the process in the middle of its work, after it has told this many indices. Returns the highest. */
async function appendAndKill(told: number): Promise<bigint> {
  const argument = JSON.stringify({ url: database.url, dataDir: database.dataDir });
  const child = spawn(process.execPath, [script, argument], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
    if (output.split("\n").length > told) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect(signal, output).toBe("SIGKILL");
  // The last line may have been cut short.
  const whole = output.slice(0, output.lastIndexOf("\n")).split("\n").map(BigInt);
  return whole.reduce((highest, index) => (index > highest ? index : highest), -1n);
}

it("kill -9 leaves a whole log, again and again", async () => {
  for (const told of [1, 7, 40, 150]) {
    const highest = await appendAndKill(told);
    const log = await openProofLog(database.pool, { dataDir: database.dataDir, logger: quiet });
    const { size, problems } = await log.check();
    expect(problems).toEqual([]);
    expect(size).toBeGreaterThan(highest);
    await log.append({ kind: "control", event: "went on" });
    expect((await log.checkpoint()).size).toBeGreaterThan(size);
    await log.close();
  }
});
