// What an operator does about light clients: telling one of a fork, with the admin's delay, and catching up with a chain that
// one is many periods behind, also when the command is killed on the way.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createPublicClient, http } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEvmDemoChain } from "#scripts/demo/evm-demo-chain.ts";
import type { EvmDemoChain } from "#scripts/demo/evm-demo-chain.ts";
import { openCommandLine } from "#test/support/command-line.ts";
import type { CommandLine } from "#test/support/command-line.ts";

/** Seconds; longer than it takes to ask again, on a slow machine too. */
const DELAY = 200;
const devnet = { committeeSize: 32, slotsPerEpoch: 8, epochsPerPeriod: 8 } as const;

let directory: string;
let chains: readonly [EvmDemoChain, EvmDemoChain];
let commandLine: CommandLine;
/** Beta's light client of Alpha. */
let end: string;

const command = (name: string, body: object) => async (chain: EvmDemoChain) => {
  const response = await fetch(`${chain.beaconUrl}/dev/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { epoch: number; fork: string };
};

/** Both chains go on to their next period together, so that neither sees the other's headers as lying in its future. */
const rotateBoth = () => Promise.all(chains.map(command("rotate", {})));

/** Seconds; the time of a chain's newest block. */
async function timeOf({ rpcUrl }: EvmDemoChain): Promise<number> {
  const { timestamp } = await createPublicClient({ transport: http(rpcUrl) }).getBlock();
  return Number(timestamp);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "causeway-light-clients-"));
  await chmod(directory, 0o711);
  commandLine = await openCommandLine(directory);
  chains = await Promise.all([
    startEvmDemoChain({ name: "Alpha", chainId: 41_341, directory, delay: DELAY, devnet }),
    startEvmDemoChain({ name: "Beta", chainId: 41_342, directory, delay: DELAY, devnet }),
  ]);
  await commandLine.configure(chains, []);
  const { route } = await commandLine.answer<{ route: [{ client: string }, { client: string }] }>(
    "client",
    "create",
    chains[0].chainId,
    chains[1].chainId,
  );
  end = `${chains[1].chainId}/${route[1].client}`;
  await commandLine.configure(chains, [route]);
  // Periods of both do not begin in the same second; Beta's clock must never be a whole period behind Alpha's.
  await command("rotate", {})(chains[1]);
});

afterAll(async () => {
  await Promise.all(chains.map((chain) => chain.stop()));
  await rm(directory, { recursive: true, force: true });
});

interface Status {
  readonly clients: readonly {
    readonly status: string;
    readonly height: string;
    readonly forks: readonly { readonly name: string; readonly hasBegun: boolean }[];
  }[];
}

const status = () => commandLine.answer<Status>("client", "status", end);

it("warns of a fork, schedules its row, adds it after the delay, and passes the fork", async () => {
  const [alpha, beta] = chains;
  expect((await status()).clients).toMatchObject([{ status: "active", forks: [] }]);
  expect(await commandLine.answer("client", "add-fork", end)).toMatchObject({ forks: [] });

  const { epoch } = await command("mine", {})(alpha);
  // 800 slots: the delay, and all that the command line is asked until then.
  await command("schedule-fork", { fork: "gloas", epoch: epoch + 100 })(alpha);
  expect((await status()).clients).toMatchObject([{ forks: [{ name: "gloas", hasBegun: false }] }]);
  const shown = await commandLine.causeway("client", "status", end);
  expect(shown.code).toBe(0);
  expect(shown.output).toContain(`does not know fork gloas of ${alpha.chainId}, which is to begin`);
  expect(shown.output).toContain(`causeway client add-fork ${end}`);

  const scheduled = await commandLine.causeway("client", "add-fork", end);
  expect(scheduled).toMatchObject({ code: 0, errors: "" });
  expect(scheduled.output).toMatch(
    /gloas \(epoch \d+, .*\) scheduled in transaction 0x[0-9a-f]{64}; call again from 2/,
  );
  const again = await commandLine.causeway("client", "add-fork", end);
  const ready = Date.parse(/is scheduled; call again from (\S+) on/.exec(again.output)?.[1] ?? "") / 1000;
  expect(ready).toBeGreaterThan(await timeOf(beta));

  // The clocks go on while commands run, and how long these take is the machine's affair.
  while ((await timeOf(beta)) < ready) await rotateBoth();
  const added = await commandLine.causeway("client", "add-fork", end);
  expect(added.output).toMatch(/gloas \(.*\) added, in transaction 0x[0-9a-f]{64}/);
  expect((await commandLine.causeway("client", "add-fork", end)).output).toContain("knows every fork");
  expect((await status()).clients).toMatchObject([{ forks: [] }]);

  while ((await command("mine", {})(alpha)).fork !== "gloas") await rotateBoth();
  const { from, to } = await commandLine.answer<{ from: string; to: string }>("client", "update", end);
  expect(BigInt(to)).toBeGreaterThan(BigInt(from));
});

it("catches up with many periods in several transactions, killed and called again", async () => {
  const [, beta] = chains;
  for (let period = 0; period < 34; period += 1) await rotateBoth();
  const reader = createPublicClient({ transport: http(beta.rpcUrl) });
  const { address } = beta.user;
  const sent = (blockTag: "latest" | "pending" = "latest") => reader.getTransactionCount({ address, blockTag });
  const before = await sent();
  const begin = (await status()).clients[0]?.height ?? "";
  const kill = async (child: ChildProcess): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "close");
  };

  await command("mining", { on: false })(beta);
  const waiting = commandLine.start("client", "update", end);
  await expect.poll(() => sent("pending"), { timeout: 60_000, interval: 100 }).toBe(before + 1);
  await kill(waiting);

  const moved = commandLine.start("client", "update", end);
  // Time enough, as a rule, to find the transaction that waits.
  await delay(5_000);
  expect(await sent("pending")).toBe(before + 1);
  await command("mining", { on: true })(beta);
  const [line] = (await once(moved.stderr as NodeJS.ReadableStream, "data")) as [Buffer];
  await kill(moved);
  expect(line.toString()).toMatch(new RegExp(`^${end}: \\d+ → \\d+ of \\d+, transaction 0x[0-9a-f]{64}\\n`));

  const { from, to, transactions } = await commandLine.answer<{
    from: string;
    to: string;
    transactions: string[];
  }>("client", "update", end);
  expect(BigInt(from)).toBeGreaterThan(BigInt(begin));
  expect(BigInt(to)).toBeGreaterThan(BigInt(from));
  expect(transactions.length).toBeGreaterThanOrEqual(2);
  for (const hash of transactions as `0x${string}`[])
    expect((await reader.getTransactionReceipt({ hash })).status).toBe("success");
  // 34 periods are three transactions of at most 15 updates each, however often the command is killed.
  expect(await sent()).toBe(before + 3);
  const done = await commandLine.causeway("client", "update", end, "--json");
  expect(JSON.parse(done.output)).toMatchObject({ client: end });
});
