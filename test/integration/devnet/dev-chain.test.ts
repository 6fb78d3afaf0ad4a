// A development chain as its users meet it: the processes, the beacon API, mining, time, and its end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createParser } from "eventsource-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestClient, http, publicActions, walletActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevStatus } from "#scripts/devnet/control.ts";
import type { DevChain } from "#scripts/devnet/dev-chain.ts";
import type { Equivocation } from "#scripts/devnet/equivocation.ts";

const [rich, poor] = devAccounts;
if (rich === undefined || poor === undefined) throw new Error("no development accounts");

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

interface HeaderAnswer {
  readonly finalized: boolean;
  readonly data: { readonly root: string; readonly header: { readonly message: { readonly slot: string } } };
}

interface LightClientHeader {
  readonly beacon: { readonly slot: string; readonly body_root: string };
  readonly execution: { readonly block_hash: string; readonly state_root: string };
}

interface UpdateAnswer {
  readonly data: { readonly attested_header: LightClientHeader; readonly finalized_header: LightClientHeader };
}

async function get<T>(chain: { beaconUrl: string }, path: string): Promise<Answer<T>> {
  const response = await fetch(`${chain.beaconUrl}${path}`);
  const text = await response.text();
  return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as T };
}

async function post<T = DevStatus>(
  chain: { beaconUrl: string },
  command: string,
  body: object = {},
): Promise<Answer<T>> {
  const response = await fetch(`${chain.beaconUrl}/dev/${command}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as T };
}

const clientOf = (chain: { rpcUrl: string }) =>
  createTestClient({ mode: "anvil", transport: http(chain.rpcUrl) })
    .extend(publicActions)
    .extend(walletActions);

interface Pushed {
  readonly event: string;
  readonly data: unknown;
}

/** Reads the chain's event stream until `enough`, or until it ends. */
async function pushed(
  chain: DevChain,
  topics: readonly string[],
  enough: (soFar: readonly Pushed[]) => boolean,
  work: () => Promise<unknown>,
): Promise<Pushed[]> {
  const query = topics.map((topic) => `topics=${topic}`).join("&");
  const { body, headers, status } = await fetch(`${chain.beaconUrl}/eth/v1/events?${query}`);
  expect([status, headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  const seen: Pushed[] = [];
  const parser = createParser({
    onEvent: ({ event = "", data }) => seen.push({ event, data: JSON.parse(data) as unknown }),
  });
  const working = work();
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body ?? []) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (enough(seen)) break;
    }
  } catch {
    // Cut off.
  }
  await working;
  return seen;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return;
    await sleep(25);
  }
  throw new Error("the condition never held");
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("mining on command", () => {
  let chain: DevChain;
  beforeAll(async () => {
    chain = await startDevChain({ chainId: 41001, blockTime: 0, slotsPerEpoch: 4, epochsPerPeriod: 2 });
  });
  afterAll(() => chain.stop());

  it("serves genesis and parameters as the beacon API does", async () => {
    const genesis = await get<{ data: Record<string, string> }>(chain, "/eth/v1/beacon/genesis");
    const block = await clientOf(chain).getBlock({ blockNumber: 0n });
    expect(genesis.body.data["genesis_time"]).toBe(block.timestamp.toString());
    expect(genesis.body.data["genesis_validators_root"]).toMatch(/^0x[0-9a-f]{64}$/);
    const spec = await get<{ data: object }>(chain, "/eth/v1/config/spec");
    expect(spec.body.data).toMatchObject({
      SECONDS_PER_SLOT: "1",
      SLOTS_PER_EPOCH: "4",
      EPOCHS_PER_SYNC_COMMITTEE_PERIOD: "2",
      SYNC_COMMITTEE_SIZE: "512",
      FULU_FORK_EPOCH: "0",
      GLOAS_FORK_EPOCH: "18446744073709551615",
      DEPOSIT_CHAIN_ID: "41001",
    });
    expect((await get(chain, "/eth/v1/node/health")).status).toBe(200);
  });

  it("names a block by head, finalized, slot and root alike", async () => {
    const { data, finalized } = (await get<HeaderAnswer>(chain, "/eth/v1/beacon/headers/finalized")).body;
    expect(finalized).toBe(true);
    const { slot } = data.header.message;
    for (const id of [slot, data.root])
      expect((await get<HeaderAnswer>(chain, `/eth/v1/beacon/headers/${id}`)).body.data).toEqual(data);
    expect((await get<HeaderAnswer>(chain, "/eth/v1/beacon/headers/head")).body.finalized).toBe(false);
    const bootstrap = await fetch(`${chain.beaconUrl}/eth/v1/beacon/light_client/bootstrap/${data.root}`);
    expect(bootstrap.headers.get("eth-consensus-version")).toBe("fulu");
  });

  it.each([
    ["/eth/v1/beacon/headers/nonsense", 400],
    [`/eth/v1/beacon/headers/0x${"00".repeat(32)}`, 404],
    ["/eth/v1/beacon/headers/999999999", 404],
    [`/eth/v1/beacon/light_client/bootstrap/0x${"00".repeat(32)}`, 404],
    ["/eth/v1/beacon/light_client/bootstrap/0x1234", 400],
    ["/eth/v1/beacon/light_client/updates", 400],
    ["/eth/v1/beacon/light_client/updates?start_period=-1&count=1", 400],
    ["/eth/v1/beacon/nothing", 404],
    ["/eth/v1/events", 400],
    ["/eth/v1/events?topics=", 400],
    ["/eth/v1/events?topics=nonsense", 400],
    ["/eth/v1/events?topics=finalized_checkpoint&topics=nonsense", 400],
    ["/eth/v1/events?topics=finalized_checkpoint,block", 400],
  ])("answers %s with %i", async (path, status) => {
    expect((await get(chain, path)).status).toBe(status);
  });

  it("mines a pending transaction by itself, and nothing without one", async () => {
    const client = clientOf(chain);
    const { height } = await chain.control.status();
    await sleep(150);
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(BigInt(height));
    const account = privateKeyToAccount(rich.privateKey);
    const hash = await client.sendTransaction({ account, chain: null, to: poor.address, value: 5n });
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 25 });
    expect([receipt.status, receipt.blockNumber]).toEqual(["success", BigInt(height + 1)]);
  });

  it("leaves transactions pending while mining is off", async () => {
    const client = clientOf(chain);
    const { height } = (await post(chain, "mining", { on: false })).body;
    const account = privateKeyToAccount(rich.privateKey);
    const hash = await client.sendTransaction({ account, chain: null, to: poor.address, value: 5n });
    await sleep(150);
    expect(await client.getBlockNumber({ cacheTime: 0 })).toBe(BigInt(height));
    await post(chain, "mining", { on: true });
    await until(async () => (await client.getTransaction({ hash })).blockNumber === BigInt(height + 1));
  });

  it("gives every block a slot of its own, under a finalized header that follows", async () => {
    const before = await chain.control.status();
    const after = (await post(chain, "mine", { blocks: 20 })).body;
    expect(after.height).toBe(before.height + 20);
    expect(after.slot).toBeGreaterThanOrEqual(before.slot + 20);
    expect(after.finalizedHeight).toBe(after.height - 2);
    const { body } = await get<UpdateAnswer>(chain, "/eth/v1/beacon/light_client/finality_update");
    const block = await clientOf(chain).getBlock({ blockNumber: BigInt(after.finalizedHeight) });
    expect(body.data.finalized_header.execution.block_hash).toBe(block.hash);
    expect(body.data.finalized_header.execution.state_root).toBe(block.stateRoot);
  });

  it("sees blocks mined behind its back as soon as it is asked", async () => {
    const client = clientOf(chain);
    await client.setNextBlockTimestamp({ timestamp: (await client.getBlock()).timestamp + 3n });
    await client.mine({ blocks: 1 });
    const { body } = await get<UpdateAnswer>(chain, "/eth/v1/beacon/light_client/optimistic_update");
    const head = await client.getBlock();
    expect(body.data.attested_header.execution.block_hash).toBe(head.hash);
  });

  it("makes a height final at a command, and keeps the finality lag it is given", async () => {
    await post(chain, "finality-lag", { lag: "manual" });
    const { finalizedHeight, height } = (await post(chain, "mine", { blocks: 5 })).body;
    expect(finalizedHeight).toBeLessThan(height - 5);
    expect((await post(chain, "finalize")).body.finalizedHeight).toBe(height);
    expect((await post(chain, "finalize", { height: height + 4 })).body.finalizedHeight).toBe(height + 4);
    await post(chain, "finality-lag", { lag: 1 });
    const later = (await post(chain, "mine")).body;
    expect(later.finalizedHeight).toBe(later.height - 1);
    await post(chain, "finality-lag", { lag: 2 });
  });

  it("jumps to the next period, whose committee then signs", async () => {
    const { period } = await chain.control.status();
    const after = (await post(chain, "rotate")).body;
    expect(after.period).toBe(period + 1);
    const path = `/eth/v1/beacon/light_client/updates?start_period=${period + 1}&count=1`;
    const [update] = (await get<UpdateAnswer[]>(chain, path)).body;
    if (update === undefined) throw new Error("no update");
    const slots = [update.data.finalized_header.beacon.slot, update.data.attested_header.beacon.slot];
    expect(slots.map((slot) => Math.floor(Number(slot) / 8))).toEqual([period + 1, period + 1]);
  });

  it("moves its clock", async () => {
    const before = await clientOf(chain).getBlock();
    await post(chain, "advance-time", { seconds: 1000 });
    const after = await clientOf(chain).getBlock();
    expect(Number(after.timestamp - before.timestamp)).toBeGreaterThanOrEqual(1000);
  });

  it("replaces unfinalized blocks, and no others", async () => {
    await post(chain, "mine", { blocks: 5 });
    const { height, finalizedHeight } = await chain.control.status();
    const client = clientOf(chain);
    const hashAt = async (at: number) => (await client.getBlock({ blockNumber: BigInt(at) })).hash;
    const [left, kept] = [await hashAt(height), await hashAt(finalizedHeight)];
    const status = (await post(chain, "reorg", { depth: 2 })).body;
    expect(status.height).toBe(height + 1);
    expect(await hashAt(height)).not.toBe(left);
    expect(await hashAt(finalizedHeight)).toBe(kept);
    const head = (await get<UpdateAnswer>(chain, "/eth/v1/beacon/light_client/optimistic_update")).body;
    expect(head.data.attested_header.execution.block_hash).toBe(await hashAt(height + 1));
    expect((await post(chain, "reorg", { depth: 3 })).status).toBe(400);
  });

  it.each([
    ["mine", { blocks: 0 }],
    ["mine", { count: 1 }],
    ["finality-lag", { lag: 0 }],
    ["absentees", { absent: [512] }],
    ["absentees", { absent: 513 }],
    ["advance-time", {}],
    ["offline", { offline: "yes" }],
  ])("refuses %s %j and changes nothing", async (command, body) => {
    const before = await chain.control.status();
    expect((await post(chain, command, body)).status).toBe(400);
    expect(await chain.control.status()).toEqual(before);
  });

  it("pushes what was asked for, with what it then serves, and nothing else", async () => {
    const topics = ["finalized_checkpoint", "light_client_finality_update"];
    const seen = await pushed(
      chain,
      topics,
      ({ length }) => length >= 2,
      () => post(chain, "mine"),
    );
    expect(seen.map(({ event }) => event)).toEqual(topics);
    const finalized = (await get<HeaderAnswer>(chain, "/eth/v1/beacon/headers/finalized")).body.data;
    const [checkpoint, update] = seen;
    expect(checkpoint?.data).toEqual({
      block: finalized.root,
      state: (finalized.header.message as unknown as { state_root: string }).state_root,
      epoch: Math.floor(Number(finalized.header.message.slot) / 4).toString(),
      execution_optimistic: false,
    });
    expect(update?.data).toEqual((await get(chain, "/eth/v1/beacon/light_client/finality_update")).body);
  });

  it("pushes every block, and finality only when there is more of it", async () => {
    await post(chain, "finality-lag", { lag: "manual" });
    const isLast = ({ event }: Pushed): boolean => event === "light_client_finality_update";
    const topics = ["light_client_finality_update", "block", "light_client_optimistic_update"];
    const seen = await pushed(
      chain,
      topics,
      (soFar) => soFar.some(isLast),
      async () => {
        await chain.control.mine();
        await chain.control.mine();
        await chain.control.finalize();
      },
    );
    await post(chain, "finality-lag", { lag: 2 });
    const block = ["block", "light_client_optimistic_update"];
    expect(seen.map(({ event }) => event)).toEqual([...block, ...block, ...block, "light_client_finality_update"]);
    const head = (await get<HeaderAnswer>(chain, "/eth/v1/beacon/headers/head")).body.data;
    const { slot } = head.header.message;
    expect(seen.at(-3)?.data).toEqual({ slot, block: head.root, execution_optimistic: false });
  });

  it("ends its event streams when it goes offline", async () => {
    const seen = await pushed(
      chain,
      ["block"],
      () => false,
      async () => chain.control.goOffline(),
    );
    chain.control.goOnline();
    expect(seen).toEqual([]);
  });

  it("goes offline and comes back", async () => {
    await post(chain, "offline", { offline: true });
    for (const path of ["node/health", "beacon/light_client/finality_update", "config/spec"])
      expect((await get(chain, `/eth/v1/${path}`)).status).toBe(503);
    expect((await post(chain, "offline", { offline: false })).body.offline).toBe(false);
    expect((await get(chain, "/eth/v1/node/health")).status).toBe(200);
  });

  it("keeps its last equivocation for whoever asks", async () => {
    expect((await get(chain, "/dev/equivocation")).status).toBe(404);
    const { body } = await post<Equivocation>(chain, "equivocate");
    expect((await get(chain, "/dev/equivocation")).body).toEqual(body);
    const honest = (await get<UpdateAnswer>(chain, "/eth/v1/beacon/light_client/finality_update")).body.data;
    const forged = (body.update as unknown as UpdateAnswer).data;
    expect(forged.finalized_header.beacon.slot).toBe(honest.finalized_header.beacon.slot);
    expect(forged.finalized_header.beacon.body_root).not.toBe(honest.finalized_header.beacon.body_root);
  });
});

describe("mining by the clock", () => {
  it("adds a block every second, at the machine's time", async () => {
    const chain = await startDevChain({ chainId: 41002, committeeSize: 32 });
    try {
      const { height } = await chain.control.status();
      await until(async () => (await chain.control.status()).height >= height + 2);
      const { timestamp } = await clientOf(chain).getBlock();
      expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(10);
    } finally {
      await chain.stop();
    }
  });
});

describe("start and end", () => {
  it.each([
    [{ chainId: 0 }],
    [{ chainId: 1, blockTime: -1 }],
    [{ chainId: 1, finalityLag: 0 }],
    [{ chainId: 1, committeeSize: 24 }],
    [{ chainId: 1, committeeSize: 1024 }],
    [{ chainId: 1, committeSize: 32 } as { chainId: number }],
  ])("refuses %j", async (options) => {
    await expect(startDevChain(options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("says so when its port is taken, and leaves nothing behind", async () => {
    const chain = await startDevChain({ chainId: 41003, blockTime: 0, committeeSize: 32 });
    try {
      const rpcPort = Number(new URL(chain.rpcUrl).port);
      await expect(startDevChain({ chainId: 41004, rpcPort })).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
      const beaconPort = Number(new URL(chain.beaconUrl).port);
      await expect(startDevChain({ chainId: 41004, beaconPort })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    } finally {
      await chain.stop();
    }
    expect(isAlive(chain.pid)).toBe(false);
    await expect(fetch(chain.beaconUrl)).rejects.toThrow();
    await expect(chain.control.mine()).rejects.toMatchObject({ code: "CANCELLED" });
    await chain.stop();
  });

  it.each(["SIGINT", "SIGKILL"] as const)(
    "the command line prints its URLs, and anvil ends with it on %s",
    async (signal) => {
      const script = fileURLToPath(new URL("../../../scripts/devnet/start.ts", import.meta.url));
      const child = spawn(process.execPath, [script, "--chain-id", "41005", "--committee-size", "32"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [line] = (await once(createInterface(child.stdout), "line")) as [string];
      const chain = JSON.parse(line) as { chainId: number; rpcUrl: string; beaconUrl: string; pid: number };
      expect(chain.chainId).toBe(41005);
      expect(await clientOf(chain).getChainId()).toBe(41005);
      expect((await get(chain, "/eth/v1/node/health")).status).toBe(200);
      child.kill(signal);
      await once(child, "exit");
      await until(() => Promise.resolve(!isAlive(chain.pid)));
    },
  );
});
