// The command line against two chains: open a route, run the relayer, send, look, update, and take the evidence out.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEvmDemoChain } from "#scripts/demo/evm-demo-chain.ts";
import type { EvmDemoChain } from "#scripts/demo/evm-demo-chain.ts";
import { legBecomes } from "#test/support/ask-relayer.ts";
import { openCommandLine } from "#test/support/command-line.ts";
import type { CommandLine } from "#test/support/command-line.ts";

let directory: string;
let chains: readonly [EvmDemoChain, EvmDemoChain];
let relayer: ChildProcess | undefined;
let commandLine: CommandLine;
const { start, causeway, answer }: Omit<CommandLine, "api" | "configure"> = {
  start: (...argv) => commandLine.start(...argv),
  causeway: (...argv) => commandLine.causeway(...argv),
  answer: (...argv) => commandLine.answer(...argv),
};

const configure = (routes: readonly unknown[], change?: object): Promise<void> =>
  commandLine.configure(chains, routes, change);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "causeway-cli-"));
  await chmod(directory, 0o711);
  commandLine = await openCommandLine(directory);
  chains = await Promise.all([
    startEvmDemoChain({ name: "Alpha", chainId: 41_337, directory }),
    startEvmDemoChain({ name: "Beta", chainId: 41_338, directory }),
  ]);
  await configure([]);
});

afterAll(async () => {
  if (relayer?.exitCode === null) {
    relayer.kill("SIGKILL");
    await once(relayer, "close");
  }
  await Promise.all(chains.map((chain) => chain.stop()));
  await rm(directory, { recursive: true, force: true });
});

it("takes an operator from a configuration without routes to an audited packet", async () => {
  const [alpha, beta] = chains;
  const { route } = await answer<{ route: [{ client: string }, { client: string }] }>(
    "client",
    "create",
    alpha.chainId,
    beta.chainId,
  );
  await configure([route]);
  expect(await answer("config", "check", "--connect")).toMatchObject({ chains: [alpha.chainId, beta.chainId] });

  relayer = start("relay");
  const end = `${alpha.chainId}/${route[0].client}`;
  const { packet } = await answer<{ packet: string }>(
    "transfer",
    `--from=${end}`,
    `--to=${beta.user.address}`,
    `--denom=${alpha.examples.token}`,
    "--amount=1000",
  );
  const message = await answer<{ packet: string }>(
    "send",
    `--from=${end}`,
    `--to=${beta.examples.greeter}`,
    "--text=hello",
  );
  expect([packet, message.packet]).toEqual([`${end}/1`, `${end}/2`]);

  interface View {
    readonly status: string;
    readonly deliveries: readonly { readonly leg: string; readonly status: string }[];
  }
  for (const id of [packet, message.packet]) {
    await legBecomes(commandLine.api, id, "acknowledge", "delivered");
    const { deliveries } = await answer<View>("status", id);
    expect(deliveries.find(({ leg }) => leg === "acknowledge")?.status).toBe("delivered");
  }

  const { client, from, to } = await answer<{ client: string; from: string; to: string }>("client", "update", end);
  expect(client).toBe(end);
  expect(BigInt(to)).toBeGreaterThanOrEqual(BigInt(from));
  const { clients } = await answer<{ clients: { status: string }[] }>("client", "status");
  expect(clients.map(({ status }) => status)).toEqual(["active", "active"]);
  expect(await answer("status")).toMatchObject({ packets: [{ id: message.packet }, { id: packet }] });

  const { file } = await answer<{ file: string }>("audit", "export", packet);
  expect(await answer("audit", "verify", join(directory, file))).toMatchObject({ ok: true, state: "acknowledged" });
  expect(await answer("audit", "check")).toMatchObject({ problems: [] });

  relayer.kill("SIGTERM");
  const [code] = (await once(relayer, "close")) as [number | null];
  expect(code).toBe(0);
});

it("says what is wrong with chains, clients and packets, and what to do", async () => {
  const [alpha, beta] = chains;
  const end = { chain: alpha.chainId, client: "beacon-77" };
  await configure([[end, { chain: beta.chainId, client: "beacon-0" }]]);
  const unknown = await causeway("client", "status", `${alpha.chainId}/beacon-77`);
  expect(unknown.code).toBe(1);
  expect(unknown.output).toContain("CLIENT_NOT_FOUND");
  const checked = await causeway("config", "check", "--connect");
  expect(checked.code).toBe(2);
  expect(checked.errors).toContain("beacon-77");
  expect((await causeway("audit", "export", `${alpha.chainId}/beacon-0/99`)).errors).toContain(
    "is not known to this relayer",
  );
  expect((await causeway("client", "create", alpha.chainId, "eip155:1")).errors).toContain(
    "chain eip155:1 is not configured",
  );

  await configure([], { router: beta.user.address });
  const misplaced = await causeway("client", "create", alpha.chainId, beta.chainId, "--json");
  expect(misplaced.code).toBe(1);
  expect(JSON.parse(misplaced.errors)).toMatchObject({ error: { code: "CONTRACT_MISSING" } });
});
