// The demo as its users run it: `npm run demo -- --exit --json`, and what it leaves to be checked.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const cli = fileURLToPath(new URL("../../relayer/cli.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

const causeway = (...args: string[]): Promise<Ended> => causewayIn({}, ...args);

async function causewayIn(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DATABASE_URL: "", REDIS_URL: "", ...environment },
  });
  let [output, errors] = ["", ""];
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output, errors };
}

const stages = z.record(z.enum(["watch", "prove", "queue", "verify", "submit", "log"]), z.number().nonnegative());
const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
const report = z.strictObject({
  id: z.string().regex(/^eip155:3133[78]\/beacon-0\/[12]$/),
  kind: z.enum(["transfer", "message"]),
  from: z.string(),
  to: z.string(),
  what: z.string(),
  delivered: z.literal(true),
  acknowledged: z.literal(true),
  successful: z.literal(true),
  proven: z.literal(true),
  seconds: z.number().positive(),
  transactions: z.strictObject({ send: hash, receive: hash, acknowledge: hash }),
  stages: z.strictObject({ receive: stages, acknowledge: stages }),
  log: z.strictObject({ entries: z.array(z.string().regex(/^\d+$/)).min(6) }),
  bundle: z.string(),
  verifyCommand: z.string(),
  url: z.url(),
  problems: z.tuple([]),
});

describe("npm run demo", () => {
  let bundles: string;
  /** Where this demo, and no other that runs beside it, puts what it needs for a while. */
  let temporary: string;
  let ended: Ended;

  beforeAll(async () => {
    bundles = await mkdtemp(join(tmpdir(), "causeway-bundles-"));
    temporary = await mkdtemp(join(tmpdir(), "causeway-temporary-"));
    // The database under it runs as a user of its own, who has to get there.
    await chmod(temporary, 0o711);
    ended = await causewayIn({ TMPDIR: temporary }, "demo", "--exit", "--json", "--bundles", bundles);
  });
  afterAll(() => Promise.all([bundles, temporary].map((folder) => rm(folder, { recursive: true }))));

  it("delivers, acknowledges and proves a transfer and a message each way", () => {
    expect(ended, ended.errors).toMatchObject({ code: 0 });
    const lines = ended.output.trim().split("\n");
    const reports = lines.map((line) => report.parse(JSON.parse(line)));
    expect(reports.map(({ kind, from, to }) => `${kind} ${from} ${to}`).sort()).toEqual([
      "message eip155:31337 eip155:31338",
      "message eip155:31338 eip155:31337",
      "transfer eip155:31337 eip155:31338",
      "transfer eip155:31338 eip155:31337",
    ]);
  });

  it("leaves nothing behind but what was asked for", async () => {
    expect((await readdir(temporary)).filter((name) => name.startsWith("causeway-demo-"))).toEqual([]);
    expect(await readdir(bundles)).toHaveLength(4);
  });

  it("writes bundles that an auditor can judge, and in which any altered byte is found", async () => {
    const [name = ""] = await readdir(bundles);
    const path = join(bundles, name);
    const good = await causeway("audit", "verify", path, "--json");
    expect(good.code).toBe(0);
    expect(JSON.parse(good.output)).toMatchObject({ ok: true, state: "acknowledged" });

    const bytes = await readFile(path);
    const altered = join(bundles, "altered.json");
    for (const share of [0.1, 0.5, 0.9]) {
      const copy = Buffer.from(bytes);
      const at = Math.floor(copy.length * share);
      copy[at] = copy[at] === 0x41 ? 0x42 : 0x41;
      await writeFile(altered, copy);
      const bad = await causeway("audit", "verify", altered);
      expect(bad.code, `byte ${at}`).toBe(1);
      expect(bad.output).toContain("FAIL");
    }
    await rm(altered);
  });

  it("says what an ibc-go chain takes where it cannot be built, and starts nothing", async () => {
    const nothing = await mkdtemp(join(tmpdir(), "causeway-nothing-"));
    try {
      const failed = await causewayIn({ PATH: nothing, CAUSEWAY_CACHE: nothing }, "demo", "--cosmos", "--exit");
      expect(failed.code).toBe(1);
      expect(failed.errors).toContain("building simd needs go and cc");
      expect(failed.errors).toContain("https://go.dev/doc/install");
      expect(failed.output).toBe("");
    } finally {
      await rm(nothing, { recursive: true });
    }
  });
});
