// Replacing a light client through the access manager's delay: what is scheduled is seen as the chain has it, whoever did it.
import { createPublicClient, createWalletClient, encodeFunctionData, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Chain } from "#adapters/adapter.ts";
import { evmConfig } from "#adapters/evm/config.ts";
import { decodeTrustedState, encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { NewClient } from "#adapters/trusted-client.ts";
import { abi as managerAbi } from "../../../contracts/evm/bindings/AccessManager.ts";
import { abi as routerAbi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import { deployCore } from "#scripts/deploy/core.ts";
import type { CoreDeployment } from "#scripts/deploy/core.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChain } from "#scripts/devnet/dev-chain.ts";
import { openDevComet } from "#test/support/dev-comet.ts";
import { openEvm } from "#test/support/evm-bench.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

const DELAY = 3_600;
const WEEK = 604_800;
const key = (index: number): `0x${string}` => devAccounts[index]?.privateKey ?? "0x";
const address = (index: number): string => (devAccounts[index]?.address ?? "").toLowerCase();
const [DEPLOYER, ADMIN, GUARDIAN, NOBODY] = [0, 2, 3, 4] as const;

let dev: DevChain;
let core: CoreDeployment;

const open = (account: number): Promise<Chain> => {
  const config = evmConfig.parse({
    family: "evm",
    chainId: `eip155:${dev.chainId}`,
    endpoints: [{ name: "anvil", url: dev.rpcUrl }],
    consensus: { kind: "beacon", endpoints: [{ name: "beacon", url: dev.beaconUrl }] },
    router: core.router,
    signer: { env: "SIGNER" },
    pollMilliseconds: 100,
    // Few at a time, so that history is read in many pieces.
    logRange: 7,
  });
  return openEvm(config, memoryTransactions(), { key: key(account) });
};

let admin: Chain;
let guardian: Chain;

beforeAll(async () => {
  dev = await startDevChain({ chainId: 31_500, blockTime: 1, finalityLag: 1, committeeSize: 8 });
  core = await deployCore({
    rpcUrl: dev.rpcUrl,
    account: privateKeyToAccount(key(DEPLOYER)),
    delay: DELAY,
    holders: {
      clientAdmin: privateKeyToAccount(key(ADMIN)).address,
      guardian: privateKeyToAccount(key(GUARDIAN)).address,
    },
  });
  [admin, guardian] = [await open(ADMIN), await open(GUARDIAN)];
});
afterAll(() => dev.stop());

/** A light client of the chain on itself: all that matters here is which contract a client id stands for. */
const fresh = (): Promise<NewClient> => admin.admin.bootstrap({ trustingPeriod: 30n * 86_400n });
const newClient = async (): Promise<string> => admin.admin.createClient(await fresh());
const standsFor = async (clientId: string): Promise<string> => {
  const reader = createPublicClient({ transport: http(dev.rpcUrl) });
  const args = [clientId] as const;
  const client = await reader.readContract({ address: core.router, abi: routerAbi, functionName: "getClient", args });
  return client.lightClient.toLowerCase();
};

async function schedule(clientId: string) {
  const scheduling = await admin.admin.migrations.schedule(clientId, await fresh());
  if (scheduling.now) throw new Error("there was no delay");
  return scheduling.migration;
}

/** By hand, as somebody would with another tool. */
async function callByHand(data: `0x${string}`): Promise<void> {
  const transport = http(dev.rpcUrl);
  const wallet = createWalletClient({ account: privateKeyToAccount(key(ADMIN)), transport });
  const hash = await wallet.sendTransaction({ chain: null, to: core.manager, data });
  await createPublicClient({ transport, pollingInterval: 100 }).waitForTransactionReceipt({ hash });
}

const scheduleByHand = (data: `0x${string}`): Promise<void> =>
  callByHand(encodeFunctionData({ abi: managerAbi, functionName: "schedule", args: [core.router, data, 0] }));

describe("a scheduled migration", () => {
  test("is seen by everybody, for its own client id only, and executed after the delay", async () => {
    const [clientId, other] = [await newClient(), await newClient()];
    const before = await standsFor(clientId);
    const migration = await schedule(clientId);
    expect(migration).toMatchObject({ clientId, scheduledBy: address(ADMIN), replacement: { status: "active" } });
    expect(migration.expiresAt - migration.executableAt).toBe(BigInt(WEEK));
    expect(await guardian.admin.migrations.scheduled(clientId)).toMatchObject([{ id: migration.id }]);
    expect(await guardian.admin.migrations.scheduled(other)).toEqual([]);

    await expect(admin.admin.migrations.execute(migration)).rejects.toMatchObject({
      code: "TRANSACTION_REVERTED",
      context: { error: "AccessManagerNotReady" },
    });
    await dev.control.advanceTime(DELAY);
    await expect(guardian.admin.migrations.execute(migration)).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
    expect(await standsFor(clientId)).toBe(before);
    await admin.admin.migrations.execute(migration);
    expect(await standsFor(clientId)).toBe(migration.address);
    expect(await admin.admin.migrations.scheduled(clientId)).toEqual([]);
    await expect(admin.admin.migrations.execute(migration)).rejects.toMatchObject({
      context: { error: "AccessManagerNotScheduled" },
    });
  });

  test("is cancelled by a guardian or by its admin, not by others, and can be scheduled again", async () => {
    const clientId = await newClient();
    const [first, second] = [await schedule(clientId), await schedule(clientId)];
    const scheduled = async () => (await admin.admin.migrations.scheduled(clientId)).map(({ id }) => id);
    expect(await scheduled()).toEqual([first.id, second.id]);
    const nobody = await open(NOBODY);
    await expect(nobody.admin.migrations.cancel(first)).rejects.toMatchObject({ code: "TRANSACTION_REVERTED" });
    await guardian.admin.migrations.cancel(first);
    expect(await scheduled()).toEqual([second.id]);
    await admin.admin.migrations.cancel(second);
    expect(await scheduled()).toEqual([]);
    await scheduleByHand(migrateCall(clientId, first.address as `0x${string}`));
    expect(await scheduled()).toEqual([first.id]);
  });

  test("is found and cancelled by its name, in whatever form its call was written", async () => {
    const clientId = await newClient();
    await scheduleByHand(`${migrateCall(clientId, core.transferApp)}00`);
    const [odd] = await guardian.admin.migrations.scheduled(clientId);
    if (odd === undefined) throw new Error("it is not shown");
    await guardian.admin.migrations.cancel(odd);
    expect(await guardian.admin.migrations.scheduled(clientId)).toEqual([]);
    await expect(guardian.admin.migrations.cancel({ ...odd, id: `0x${"12".repeat(32)}` })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  test("that would put something else than a light client there is shown as that", async () => {
    const clientId = await newClient();
    await scheduleByHand(migrateCall(clientId, core.transferApp));
    await scheduleByHand(migrateCall(clientId, `0x${"77".repeat(20)}`));
    const found = await guardian.admin.migrations.scheduled(clientId);
    expect(found.map(({ address, replacement }) => [address, replacement])).toEqual([
      [core.transferApp.toLowerCase(), undefined],
      [`0x${"77".repeat(20)}`, undefined],
    ]);
  });

  test("is not mistaken for another operation of the same role", async () => {
    const clientId = await newClient();
    await scheduleByHand(`${migrateCall(clientId, core.transferApp).slice(0, 10)}00` as `0x${string}`);
    expect(await guardian.admin.migrations.scheduled(clientId)).toEqual([]);
  });
});

test("a client admin that is a contract is told what to call, by anybody with funds", async () => {
  const clientId = await newClient();
  const nobody = await open(NOBODY);
  const prepared = await nobody.admin.migrations.prepare(clientId, await fresh());
  expect(prepared).toMatchObject({ to: core.manager.toLowerCase(), replacement: { status: "active" } });
  expect(await admin.admin.migrations.scheduled(clientId)).toEqual([]);
  await callByHand(prepared.schedule as `0x${string}`);
  const [migration] = await nobody.admin.migrations.scheduled(clientId);
  expect(migration).toMatchObject({ address: prepared.address, scheduledBy: address(ADMIN) });
  if (migration === undefined) throw new Error("it is not shown");
  await dev.control.advanceTime(DELAY);
  await expect(nobody.admin.migrations.execute(migration)).rejects.toMatchObject({
    code: "NOT_AUTHORIZED",
    context: { manager: prepared.to, execute: prepared.execute },
  });
  await callByHand(prepared.execute as `0x${string}`);
  expect(await standsFor(clientId)).toBe(prepared.address);
  await expect(nobody.admin.migrations.prepare("beacon-999", await fresh())).rejects.toMatchObject({
    code: "CLIENT_NOT_FOUND",
  });
});

describe("nothing is created or scheduled", () => {
  test.each([
    ["nobody", NOBODY],
    ["the guardian", GUARDIAN],
    ["the deployer", DEPLOYER],
  ])("by %s, who is no client admin", async (_, account) => {
    const clientId = await newClient();
    const chain = await open(account);
    await expect(chain.admin.migrations.schedule(clientId, await fresh())).rejects.toMatchObject({
      code: "NOT_AUTHORIZED",
    });
    expect(await admin.admin.migrations.scheduled(clientId)).toEqual([]);
  });

  test("for a client id that does not exist", async () => {
    await expect(admin.admin.migrations.schedule("beacon-999", await fresh())).rejects.toMatchObject({
      code: "CLIENT_NOT_FOUND",
    });
    await expect(admin.admin.migrations.scheduled("beacon-999")).rejects.toMatchObject({ code: "CLIENT_NOT_FOUND" });
  });

  test("from a state that would not live through the delay, or is none", async () => {
    const clientId = await newClient();
    const client = await fresh();
    const state = decodeTrustedState(client.state);
    if (state === undefined) throw new Error("no state");
    const short = { ...client, state: encodeTrustedState({ ...state, trustingPeriod: BigInt(DELAY) }) };
    const odd = { ...client, state: new Uint8Array(3) };
    await expect(admin.admin.migrations.schedule(clientId, short)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const comet = openDevComet();
    comet.commit(BigInt(Math.floor(Date.now() / 1000)));
    await expect(admin.admin.migrations.schedule(clientId, comet.newClient(BigInt(DELAY)))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    await expect(admin.admin.migrations.schedule(clientId, odd)).rejects.toMatchObject({
      code: "UNSUPPORTED",
    });
  });
});

// The last: it moves the clock on by a week.
test("what nobody executed within a week is not shown any more, and cannot be executed", async () => {
  const clientId = await newClient();
  const migration = await schedule(clientId);
  await dev.control.advanceTime(DELAY + WEEK + 1);
  expect(await admin.admin.migrations.scheduled(clientId)).toEqual([]);
  await expect(admin.admin.migrations.execute(migration)).rejects.toMatchObject({
    context: { error: "AccessManagerExpired" },
  });
});

const migrateCall = (clientId: string, lightClient: `0x${string}`): `0x${string}` =>
  encodeFunctionData({ abi: routerAbi, functionName: "migrateClient", args: [clientId, lightClient] });
