// The example applications between two development chains, through a relayer: what is delivered, what is refused, and what
// times out because nobody relayed it in time.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPublicClient, createWalletClient, http, keccak256, parseEventLogs, toHex } from "viem";
import type { Abi, Address } from "viem";
import { nonceManager, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startEvmDemoChain } from "#scripts/demo/evm-demo-chain.ts";
import type { EvmDemoChain } from "#scripts/demo/evm-demo-chain.ts";
import { openDeployer } from "#scripts/deploy/deployer.ts";
import { openCommandLine } from "#test/support/command-line.ts";
import type { CommandLine } from "#test/support/command-line.ts";
import * as counter from "../../contracts/evm/bindings/CrossChainCounter.ts";
import * as router from "../../contracts/evm/bindings/PacketRouter.ts";
import * as registry from "../../contracts/evm/bindings/RecordRegistry.ts";
import * as witness from "../../contracts/evm/bindings/RecordWitness.ts";
import * as transferApp from "../../contracts/evm/bindings/TransferApp.ts";
import * as token from "../../contracts/evm/bindings/TwinToken.ts";

const LIFETIME = 3_600n;
/** Too short for a relayer that has not started. */
const SHORT = 4n;
const SUPPLY = 1_000n;
const [REGISTERED, REVOKED] = [0, 1];
const RECEIPT = { none: 0, confirmed: 2 };
const saltedHash = keccak256(toHex("salt and document"));
const lateHash = keccak256(toHex("another salt and document"));

interface Side {
  readonly demo: EvmDemoChain;
  /** The client id by which it knows the other. */
  readonly client: string;
  readonly reader: ReturnType<typeof createPublicClient>;
  readonly user: Address;
  readonly messageApp: Address;
  readonly transferApp: Address;
  /** Sends a transaction and waits for it; the sequence of the packet it sent, zero if none. */
  call(address: Address, abi: Abi, functionName: string, args: readonly unknown[]): Promise<bigint>;
  /** Unix seconds of the head. */
  now(): Promise<bigint>;
}

function openSide(demo: EvmDemoChain, client: string): Side {
  const account = privateKeyToAccount(demo.user.privateKey, { nonceManager });
  const transport = http(demo.rpcUrl);
  const reader = createPublicClient({ transport, pollingInterval: 100 });
  const wallet = createWalletClient({ account, transport });
  const apps = demo.userConfig.family === "evm" ? demo.userConfig.apps : undefined;
  if (apps === undefined) throw new Error("the chain has no applications");
  return {
    demo,
    client,
    reader,
    user: account.address,
    messageApp: apps.messages,
    transferApp: apps.transfer,
    async call(address, abi, functionName, args) {
      const hash = await wallet.writeContract({ address, abi, functionName, args, chain: null });
      const { status, logs } = await reader.waitForTransactionReceipt({ hash });
      expect({ functionName, status }).toEqual({ functionName, status: "success" });
      const [sent] = parseEventLogs({ abi: router.abi, eventName: "SendPacket", logs });
      return sent?.args.packet.sequence ?? 0n;
    },
    now: async () => (await reader.getBlock()).timestamp,
  };
}

interface Contracts {
  readonly counters: readonly [Address, Address];
  readonly token: Address;
  readonly twin: Address;
  readonly registry: Address;
  readonly witness: Address;
}

/** On each chain what belongs there, in an order in which everything knows the address of what it needs. */
async function deployExamples(a: Side, b: Side): Promise<Contracts> {
  const deployer = ({ demo }: Side) =>
    openDeployer({
      rpcUrl: demo.rpcUrl,
      account: privateKeyToAccount(demo.user.privateKey),
      pollingInterval: 50,
    });
  const [onA, onB] = await Promise.all([deployer(a), deployer(b)]);
  const there = await onB.deploy([
    { name: "counter", ...counter, args: () => [b.messageApp, b.user] },
    { name: "witness", ...witness, args: () => [b.messageApp, b.user] },
  ]);
  const here = await onA.deploy([
    { name: "counter", ...counter, args: () => [a.messageApp, a.user] },
    { name: "token", ...token, args: () => [a.transferApp, a.client, SUPPLY] },
    {
      name: "registry",
      ...registry,
      args: () => [a.messageApp, { clientId: a.client, account: there.witness.toLowerCase() }],
    },
  ]);
  await a.call(here.counter, counter.abi, "connect", [a.client, there.counter]);
  await b.call(there.counter, counter.abi, "connect", [b.client, here.counter]);
  await b.call(there.witness, witness.abi, "accept", [{ clientId: b.client, account: here.registry.toLowerCase() }]);
  const twin = await b.reader.readContract({
    address: b.transferApp,
    abi: transferApp.abi,
    functionName: "voucherOf",
    args: [b.client, here.token.toLowerCase()],
  });
  return {
    counters: [here.counter, there.counter],
    token: here.token,
    twin,
    registry: here.registry,
    witness: there.witness,
  };
}

let directory: string;
let chains: readonly [EvmDemoChain, EvmDemoChain];
let commandLine: CommandLine;
let relayer: ChildProcess | undefined;
let a: Side;
let b: Side;
let contracts: Contracts;

/** Not `expect.poll`, which knows no test among those that run at once. */
const becomes = (read: () => Promise<unknown>, expected: unknown): Promise<void> =>
  vi.waitFor(async () => expect(await read()).toEqual(expected), { timeout: 300_000, interval: 250 });

const knownOn = ({ reader, client }: Side, address: Address, functionName: "known" | "failed") =>
  reader.readContract({ address, abi: counter.abi, functionName, args: [client] });

const balanceOn = ({ reader, user }: Side, address: Address) =>
  reader.readContract({ address, abi: token.abi, functionName: "balanceOf", args: [user] });

const send = async (from: Side, what: Address, amount: bigint, to: Side, lifetime: bigint) =>
  from.call(from.transferApp, transferApp.abi, "sendTransfer", [
    from.client,
    what,
    amount,
    to.user,
    (await from.now()) + lifetime,
    "",
  ]);

async function statement(hash: `0x${string}`, what: number) {
  const common = { address: contracts.registry, abi: registry.abi } as const;
  const id = await a.reader.readContract({ ...common, functionName: "recordIdOf", args: [a.user, hash] });
  return a.reader.readContract({ ...common, functionName: "statementOf", args: [id, what] });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "causeway-examples-"));
  await chmod(directory, 0o711);
  commandLine = await openCommandLine(directory);
  chains = await Promise.all([
    startEvmDemoChain({ name: "Alpha", chainId: 41_437, directory }),
    startEvmDemoChain({ name: "Beta", chainId: 41_438, directory }),
  ]);
  await commandLine.configure(chains, []);
  const [alpha, beta] = chains;
  const { route } = await commandLine.answer<{ route: [{ client: string }, { client: string }] }>(
    "client",
    "create",
    alpha.chainId,
    beta.chainId,
  );
  await commandLine.configure(chains, [route]);
  a = openSide(alpha, route[0].client);
  b = openSide(beta, route[1].client);
  contracts = await deployExamples(a, b);
});

afterAll(async () => {
  if (relayer?.exitCode === null) {
    relayer.kill("SIGTERM");
    await once(relayer, "close");
  }
  await Promise.all(chains.map((chain) => chain.stop()));
  await rm(directory, { recursive: true, force: true });
});

it("tells every sender of what timed out, and gives tokens back", async () => {
  await a.call(contracts.counters[0], counter.abi, "increment", [a.client, 5n, SHORT]);
  await send(a, contracts.token, 400n, b, SHORT);
  await a.call(contracts.registry, registry.abi, "register", [lateHash, SHORT]);
  expect(await balanceOn(a, contracts.token)).toBe(SUPPLY - 400n);
  const sent = await a.now();
  await becomes(async () => (await b.now()) > sent + SHORT, true);

  relayer = commandLine.start("relay");
  relayer.stdout?.resume();
  relayer.stderr?.resume();
  await becomes(() => knownOn(a, contracts.counters[0], "failed"), 1n);
  await becomes(() => balanceOn(a, contracts.token), SUPPLY);
  await becomes(async () => (await statement(lateHash, REGISTERED)).receipt, RECEIPT.none);
  expect(await knownOn(a, contracts.counters[0], "known")).toBe(0n);
});

it.concurrent("counts on the other chain, learns the count, and hears of refusals", async () => {
  const [here, there] = contracts.counters;
  await a.call(here, counter.abi, "increment", [a.client, 2n, LIFETIME]);
  await a.call(here, counter.abi, "increment", [a.client, 0n, LIFETIME]);
  await a.call(here, counter.abi, "increment", [a.client, 3n, LIFETIME]);
  await b.call(there, counter.abi, "increment", [b.client, 40n, LIFETIME]);
  await becomes(() => knownOn(a, here, "known"), 5n);
  await becomes(() => knownOn(a, here, "failed"), 2n);
  await becomes(() => knownOn(b, there, "known"), 40n);
  expect(await b.reader.readContract({ address: there, abi: counter.abi, functionName: "count" })).toBe(5n);
});

it.concurrent("takes a token to its twin and home again", async () => {
  await send(a, contracts.token, 400n, b, LIFETIME);
  await becomes(async () => (await b.reader.getCode({ address: contracts.twin })) !== undefined, true);
  await becomes(() => balanceOn(b, contracts.twin), 400n);
  await send(b, contracts.twin, 150n, a, LIFETIME);
  await becomes(() => balanceOn(a, contracts.token), SUPPLY - 250n);
  const abroad = { address: contracts.token, abi: token.abi, functionName: "abroad" } as const;
  expect(await a.reader.readContract(abroad)).toBe(250n);
});

it.concurrent("anchors a document with a receipt from the other chain, and revokes it", async () => {
  const registered = await a.call(contracts.registry, registry.abi, "register", [saltedHash, LIFETIME]);
  const again = await a.call(contracts.registry, registry.abi, "register", [lateHash, LIFETIME]);
  for (const [hash, sequence] of [
    [saltedHash, registered],
    [lateHash, again],
  ] as const)
    await becomes(
      async () => {
        const { receipt, chainId, sequence: by } = await statement(hash, REGISTERED);
        return { receipt, chainId, by };
      },
      { receipt: RECEIPT.confirmed, chainId: 41_438n, by: sequence },
    );
  await a.call(contracts.registry, registry.abi, "revoke", [saltedHash, LIFETIME]);
  await becomes(async () => (await statement(saltedHash, REVOKED)).receipt, RECEIPT.confirmed);
  const there = { clientId: b.client, account: contracts.registry.toLowerCase() };
  const common = { address: contracts.registry, abi: registry.abi } as const;
  const id = await a.reader.readContract({ ...common, functionName: "recordIdOf", args: [a.user, saltedHash] });
  const entry = await b.reader.readContract({
    address: contracts.witness,
    abi: witness.abi,
    functionName: "entryOf",
    args: [there, id],
  });
  const { confirmedAt } = await statement(saltedHash, REVOKED);
  expect(entry.revokedAt).toBe(confirmedAt);
  expect(entry.registeredAt).toBeLessThanOrEqual(entry.revokedAt);
});
