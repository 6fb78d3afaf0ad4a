// An application without a checkout: the package in an empty folder, the examples as they are, and a demo to talk to.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPackage, PACKAGE_NAME } from "#scripts/sdk/build-package.ts";
import { root } from "#scripts/steps/step.ts";
import { createApi } from "#sdk/api/client.ts";
import { estimateTime } from "#sdk/estimate-time.ts";
import { startDemo } from "#test/support/running-demo.ts";
import type { RunningDemo } from "#test/support/running-demo.ts";

let folder: string;
let demo: RunningDemo;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

async function run(program: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DATABASE_URL: "", REDIS_URL: "", ...demo.environment },
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output, errors };
}
const node = (...args: string[]): Promise<Ended> => run(process.execPath, args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "causeway-app-"));
  await Promise.all([
    startDemo(folder).then((started) => (demo = started)),
    (async () => {
      await mkdir(join(folder, "node_modules"));
      await buildPackage(join(folder, "node_modules", PACKAGE_NAME));
      for (const library of ["viem", "ethers"])
        await symlink(join(root, "node_modules", library), join(folder, "node_modules", library));
      await writeFile(join(folder, "package.json"), '{ "type": "module" }');
      for (const name of await readdir(join(root, "examples")))
        await copyFile(join(root, "examples", name), join(folder, name));
    })(),
  ]);
  await copyFile(demo.environment["DEPLOYMENT"] ?? "", join(folder, "deployment.json"));
});

afterAll(async () => {
  await demo.stop();
  await rm(folder, { recursive: true });
});

describe.each(["send-with-viem.ts", "send-with-ethers.ts"])("examples/%s", (name) => {
  it("has fewer than 30 lines", async () => {
    expect((await readFile(join(root, "examples", name), "utf8")).trimEnd().split("\n").length).toBeLessThan(30);
  });

  it("goes from an empty folder to a delivered and verified message", async () => {
    const ended = await node(name);
    expect(ended, ended.errors).toMatchObject({ code: 0 });
    expect(ended.output).toMatch(/^sent eip155:31337\/beacon-0\/\d+ in 0x[0-9a-f]{64}\n/);
    expect(ended.output).toContain("the answer is: You said: Hello\n");
    expect(ended.output).toMatch(/\nverified: eip155:31337\/beacon-0\/\d+ is acknowledged\n$/);
  });
});

it("has types that hold by themselves", async () => {
  const compilerOptions = {
    strict: true,
    target: "es2024",
    module: "nodenext",
    noEmit: true,
    skipLibCheck: false,
    types: [],
    lib: ["es2024", "dom", "dom.iterable"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.ts"] }));
  await writeFile(
    join(folder, "app.ts"),
    `import { createApi, messageReceiverAbi, send, verifyEvidence, waitForResult } from "${PACKAGE_NAME}";
     import type { PacketView } from "${PACKAGE_NAME}";
     const view = {} as PacketView;
     const status: "sent" | "received" | "acknowledged" | "timedOut" = view.status;
     const name: "onMessage" = messageReceiverAbi[0].name;
     // @ts-expect-error -- no answer is of this kind
     const wrong: "fine" = view.status;
     // @ts-expect-error -- a wallet is needed
     void send({});
     export { createApi, name, status, verifyEvidence, waitForResult, wrong };`,
  );
  const ended = await node(join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json");
  expect(ended).toMatchObject({ code: 0, output: "" });
});

describe("causeway send and transfer --wait", () => {
  const causeway = (...args: string[]): Promise<Ended> => {
    const { CAUSEWAY_CONFIG = "", CLIENT } = demo.environment;
    const from = ["--from", `eip155:31337/${CLIENT}`, "--config", CAUSEWAY_CONFIG];
    return node(join(root, "relayer/bin/causeway.js"), ...args, ...from, "--wait");
  };

  it("says what the receiver answered", async () => {
    const ended = await causeway("send", "--to", demo.environment["RECEIVER"] ?? "", "--text", "good day");
    expect(ended, ended.errors).toMatchObject({ code: 0 });
    expect(ended.output).toMatch(/^sent eip155:31337\/beacon-0\/\d+\n/);
    expect(ended.output).toMatch(/\ndelivered and acknowledged, answer: You said: good day\n$/);
  });

  it("ends with another code when the receiver refuses, and says what is back", async () => {
    const { TOKEN = "" } = demo.environment;
    const ended = await causeway("transfer", "--to", "nobody", "--denom", TOKEN, "--amount", "12", "--json");
    expect(ended, ended.errors).toMatchObject({ code: 4 });
    expect(JSON.parse(ended.output)).toMatchObject({
      packet: expect.stringMatching(/^eip155:31337\//) as string,
      result: { status: "refused", refund: { denom: TOKEN.toLowerCase(), amount: "12" } },
    });
  });

  it("sends nothing when nobody could be asked afterwards", async () => {
    const ended = await causeway("send", "--to", "0x12", "--text", "hi", "--api", "http://127.0.0.1:1");
    expect(ended).toMatchObject({ code: 1, output: "" });
    expect(ended.errors).toContain("API_UNREACHABLE");
  });
});

it("estimates how long a packet takes from those that came before", async () => {
  const api = createApi({ url: demo.environment["API_URL"] ?? "" });
  const estimate = await estimateTime(api, { sourceChain: "eip155:31337", sourceClient: "beacon-0" });
  expect(estimate.received?.typical).toBeGreaterThan(0);
  expect(estimate.acknowledged?.slow).toBeGreaterThanOrEqual(estimate.received?.slow ?? 0);
  await expect(estimateTime(api, { sourceChain: "eip155:1", sourceClient: "beacon-0" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  const another = { sourceChain: "eip155:31337", sourceClient: "beacon-0", destinationClient: "beacon-9" };
  await expect(estimateTime(api, another)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

// The last: the demo is gone after it.
it("ends the demo with Ctrl-C, and leaves nothing of it", async () => {
  const ended = await demo.stop();
  expect(ended, ended.output).toMatchObject({ code: 0 });
  expect(ended.output).toContain("all four packets are delivered, acknowledged and proven");
  expect(ended.output).toContain("stopping");
  expect(existsSync(dirname(demo.environment["CAUSEWAY_CONFIG"] ?? ""))).toBe(false);
});
