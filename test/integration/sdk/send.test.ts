// Sending by the wallets that applications have, viem's and ethers', on a real chain: what is sent, and what is refused before anything is.
import { JsonRpcProvider, NonceManager, VoidSigner, Wallet as EthersWallet } from "ethers";
import { createPublicClient, createWalletClient, custom, http, keccak256, parseAbi, zeroAddress } from "viem";
import type { WalletClient } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeMessageData } from "#adapters/protocol/message-data.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import type { Deployment } from "#sdk/deployment.ts";
import { estimateFee } from "#sdk/estimate-fee.ts";
import { send } from "#sdk/send.ts";
import { transfer } from "#sdk/transfer.ts";
import type { AnyWallet } from "#sdk/wallet/open-wallet.ts";
import { openEvmBench } from "#test/support/evm-bench.ts";
import type { EvmBench } from "#test/support/evm-bench.ts";

const user = devAccounts[2] ?? { address: zeroAddress, privateKey: "0x" as const };
const owner = devAccounts[0] ?? user;

let bench: EvmBench;
let deployment: Deployment & { contracts: object };
let provider: JsonRpcProvider;
let wallets: Record<string, AnyWallet>;
const url = (): string => bench.a.dev.rpcUrl;

const viemWallet = (key: `0x${string}`): WalletClient =>
  createWalletClient({ account: privateKeyToAccount(key), transport: http(url()), pollingInterval: 100 });

beforeAll(async () => {
  bench = await openEvmBench();
  const reader = createPublicClient({ transport: http(url()) });
  const { router, apps } = bench.a.config;
  if (apps === undefined) throw new Error("the chain has no applications");
  const recorded = async (address: `0x${string}`) => ({
    address,
    codeHash: keccak256((await reader.getCode({ address })) ?? "0x"),
  });
  deployment = {
    chainId: bench.a.dev.chainId,
    contracts: {
      router: await recorded(router),
      transferApp: await recorded(apps.transfer),
      messageApp: await recorded(apps.messages),
    },
  };
  provider = new JsonRpcProvider(url(), undefined, { staticNetwork: true });
  provider.pollingInterval = 100;
  wallets = {
    "viem's wallet client with a key": viemWallet(user.privateKey),
    "viem's wallet client with an account of the node": createWalletClient({
      account: user.address,
      transport: http(url()),
    }),
    "viem's wallet client over a browser's provider": createWalletClient({
      account: user.address,
      transport: custom({ request: ({ method, params }) => provider.send(method, params ?? []) }),
    }),
    "ethers' wallet with a key": new EthersWallet(user.privateKey, provider),
    "ethers' signer of the node": await provider.getSigner(user.address),
    "ethers' nonce manager": new NonceManager(new EthersWallet(user.privateKey, provider)),
  };
  const tokens = parseAbi(["function transfer(address to, uint256 amount) returns (bool)"]);
  await viemWallet(owner.privateKey).writeContract({
    chain: null,
    account: privateKeyToAccount(owner.privateKey),
    abi: tokens,
    address: bench.a.denom as `0x${string}`,
    functionName: "transfer",
    args: [user.address, 1_000n],
  });
});
afterAll(async () => {
  provider.destroy();
  await bench.close();
});

const message = () => ({
  deployment,
  sourceClient: bench.a.clientId,
  receiver: bench.b.receiver,
  payload: new TextEncoder().encode("good day"),
});
const tokens = (amount: bigint) => ({
  deployment,
  sourceClient: bench.a.clientId,
  denom: bench.a.denom,
  amount,
  receiver: bench.b.receiver,
});
const someWallet = (): WalletClient => viemWallet(user.privateKey);
const allowance = async (spender: string): Promise<bigint> =>
  createPublicClient({ transport: http(url()) }).readContract({
    abi: parseAbi(["function allowance(address owner, address spender) view returns (uint256)"]),
    address: bench.a.denom as `0x${string}`,
    functionName: "allowance",
    args: [user.address, spender as `0x${string}`],
  });

describe("what is sent", () => {
  it.each([
    "viem's wallet client with a key",
    "viem's wallet client with an account of the node",
    "viem's wallet client over a browser's provider",
    "ethers' wallet with a key",
    "ethers' signer of the node",
    "ethers' nonce manager",
  ])("a message by %s", async (name) => {
    const sent = await send(wallets[name] as AnyWallet, message());
    const { sequence, payloads } = sent.packet;
    expect(sent).toMatchObject({ id: `eip155:31337/${bench.a.clientId}/${sequence}`, sourceChain: "eip155:31337" });
    expect(sent.transaction).toMatch(/^0x[0-9a-f]{64}$/);
    expect(decodeMessageData(payloads[0]?.value ?? new Uint8Array())).toMatchObject({
      sender: user.address.toLowerCase(),
      receiver: bench.b.receiver,
      payload: new TextEncoder().encode("good day"),
    });
    const [standing] = await bench.a.chain.target.standing([{ kind: "acknowledge", packet: sent.packet }]);
    expect(standing).toBe("open");
  });

  it("tokens, with an approval of exactly so much before them", async () => {
    const app = bench.a.config.apps?.transfer ?? "";
    for (const wallet of [someWallet(), new EthersWallet(user.privateKey, provider)]) {
      const sent = await transfer(wallet, tokens(7n));
      expect(sent.packet.payloads[0]?.sourcePort).toBe("transfer");
      expect(await allowance(app)).toBe(0n);
    }
  });

  it("costs about what was estimated, and estimating sends nothing", async () => {
    const reader = createPublicClient({ transport: http(url()) });
    const before = await reader.getTransactionCount({ address: user.address });
    const one = await estimateFee(someWallet(), message());
    const two = await estimateFee(someWallet(), tokens(7n));
    expect(await reader.getTransactionCount({ address: user.address })).toBe(before);
    expect([one.transactions, two.transactions]).toEqual([1, 2]);
    const balance = await reader.getBalance({ address: user.address });
    await transfer(someWallet(), tokens(7n));
    const paid = balance - (await reader.getBalance({ address: user.address }));
    expect(paid).toBeGreaterThan(0n);
    expect(Number(paid) / Number(two.fee)).toBeGreaterThan(0.2);
    expect(Number(paid) / Number(two.fee)).toBeLessThan(5);
    expect(one.fee).toBe(one.gas * one.gasPrice);
  });
});

describe("what is refused before anything is sent", () => {
  const refused = async (sending: () => Promise<unknown>, expected: object): Promise<void> => {
    const reader = createPublicClient({ transport: http(url()) });
    const before = await reader.getTransactionCount({ address: user.address });
    await expect(sending()).rejects.toMatchObject(expected);
    expect(await reader.getTransactionCount({ address: user.address })).toBe(before);
  };

  it("a wallet on another chain", async () => {
    const elsewhere = createWalletClient({
      account: privateKeyToAccount(user.privateKey),
      transport: http(bench.b.dev.rpcUrl),
    });
    await refused(() => send(elsewhere, message()), { code: "WRONG_CHAIN_ID", retry: "never" });
    const other = new JsonRpcProvider(bench.b.dev.rpcUrl);
    await refused(() => send(new EthersWallet(user.privateKey, other), message()), { code: "WRONG_CHAIN_ID" });
    other.destroy();
  });

  it("a wallet that is switched to another chain after it was asked", async () => {
    const calls: string[] = [];
    const switching = createWalletClient({
      account: user.address,
      transport: custom({
        request: ({ method, params }) => {
          calls.push(method);
          const switched = method === "eth_chainId" && calls.includes("eth_estimateGas");
          return switched ? Promise.resolve("0x1") : provider.send(method, params ?? []);
        },
      }),
    });
    await refused(() => send(switching, message()), { code: "WRONG_CHAIN_ID" });
    expect(calls).not.toContain("eth_sendTransaction");
  });

  it("contracts that are not those recorded", async () => {
    const contracts = deployment.contracts as Record<"router" | "transferApp" | "messageApp", { address: string }>;
    const { router } = contracts;
    const altered = { ...contracts, messageApp: { address: router.address, codeHash: `0x${"00".repeat(32)}` } };
    await refused(() => send(someWallet(), { ...message(), deployment: { chainId: 31_337, contracts: altered } }), {
      code: "CONTRACT_MISSING",
    });
    const empty = { ...contracts, transferApp: { address: user.address } };
    await refused(() => transfer(someWallet(), { ...tokens(1n), deployment: { chainId: 31_337, contracts: empty } }), {
      code: "CONTRACT_MISSING",
    });
    const byHand = { chainId: 31_337, router: router.address, transferApp: "0x12", messageApp: router.address };
    await refused(() => send(someWallet(), { ...message(), deployment: byHand }), { code: "INVALID_ARGUMENT" });
  });

  it.each<[string, () => object, object]>([
    ["an unknown light client", () => ({ sourceClient: "beacon-99" }), { code: "TRANSACTION_REVERTED" }],
    ["an empty message", () => ({ payload: new Uint8Array() }), { context: { error: "EmptyMessage" } }],
    ["no receiver", () => ({ receiver: "" }), { context: { error: "ReceiverMissing" } }],
    ["a timeout in the past", () => ({ timeoutTimestamp: 1n }), { code: "TRANSACTION_REVERTED" }],
    ["a timeout that is none", () => ({ timeoutTimestamp: -1n }), { code: "INVALID_ARGUMENT" }],
  ])("a message with %s", async (_, change, expected) => {
    await refused(() => send(someWallet(), { ...message(), ...change() }), expected);
    await refused(() => send(new EthersWallet(user.privateKey, provider), { ...message(), ...change() }), expected);
  });

  it.each<[string, () => object, object]>([
    ["more than one has", () => ({ amount: 10n ** 30n }), { code: "INSUFFICIENT_FUNDS" }],
    ["nothing", () => ({ amount: 0n }), { code: "INVALID_ARGUMENT" }],
    ["more than there can be", () => ({ amount: 1n << 256n }), { code: "INVALID_ARGUMENT" }],
    ["what is no address", () => ({ denom: "uatom" }), { code: "INVALID_ARGUMENT" }],
    ["what is no token", () => ({ denom: user.address }), { code: "INVALID_ARGUMENT" }],
  ])("a transfer of %s", async (_, change, expected) => {
    await refused(() => transfer(someWallet(), { ...tokens(1n), ...change() }), expected);
  });

  it("what the account cannot pay for", async () => {
    const poor = generatePrivateKey();
    await refused(() => send(viemWallet(poor), message()), { code: "INSUFFICIENT_FUNDS", retry: "later" });
    await refused(() => send(new EthersWallet(poor, provider), message()), { code: "INSUFFICIENT_FUNDS" });
  });

  it("what the wallet's owner declines", async () => {
    const declining = createWalletClient({
      account: user.address,
      transport: custom({
        request: ({ method, params }) =>
          method === "eth_sendTransaction"
            ? Promise.reject(Object.assign(new Error("User rejected the request."), { code: 4001 }))
            : provider.send(method, params ?? []),
      }),
    });
    await refused(() => send(declining, message()), { code: "CANCELLED" });
  });

  it("what is no wallet, or one that can neither sign nor ask", async () => {
    const odd: unknown[] = [undefined, null, 7, {}, createPublicClient({ transport: http(url()) })];
    for (const one of odd) await refused(() => send(one as AnyWallet, message()), { code: "INVALID_ARGUMENT" });
    const nobody = createWalletClient({ transport: http(url()) });
    await refused(() => send(nobody, message()), {
      code: "INVALID_ARGUMENT",
      hint: expect.stringContaining("account"),
    });
    await refused(() => send(new EthersWallet(user.privateKey), message()), { code: "INVALID_ARGUMENT" });
    await refused(() => send(new VoidSigner(user.address, provider), message()), { code: "RPC_UNREACHABLE" });
  });

  it("an endpoint that is down", async () => {
    const down = createWalletClient({
      account: privateKeyToAccount(user.privateKey),
      transport: http("http://127.0.0.1:9", { retryCount: 0 }),
    });
    await refused(() => send(down, message()), { code: "RPC_UNREACHABLE", retry: "later" });
  });
});
