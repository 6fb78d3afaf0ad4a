// Two development chains with contracts, light clients of each other, and many packets at once.
import { createWalletClient, http, toHex } from "viem";
import { nonceManager, privateKeyToAccount } from "viem/accounts";
import { families } from "#adapters/families.ts";
import type { Chain } from "#adapters/adapter.ts";
import type { Database } from "#relayer/database/open.ts";
import { openChains } from "#relayer/open-chains.ts";
import { openTransactionStore } from "#relayer/packets/transaction-store.ts";
import { readSecret } from "#relayer/secrets.ts";
import type { Route } from "#relayer/routes.ts";
import { startEvmDemoChain } from "#scripts/demo/evm-demo-chain.ts";
import type { EvmDemoChain } from "#scripts/demo/evm-demo-chain.ts";
import { openRoute } from "#relayer/commands/open-route.ts";
import { abi } from "../../contracts/evm/bindings/MessageApp.ts";
import { testLogger } from "./fake-relay.ts";

export interface EvmSide {
  readonly demo: EvmDemoChain;
  readonly chain: Chain;
  readonly client: string;
}

export interface EvmPair {
  readonly sides: readonly [EvmSide, EvmSide];
  readonly route: Route;
  /** Sends general messages from one side without waiting for each; returns when all are included. */
  sendMany(from: EvmSide, to: EvmSide, messages: number): Promise<void>;
  stop(): Promise<void>;
}

const TIMEOUT_SECONDS = 3_600;

async function sendMany(from: EvmSide, to: EvmSide, messages: number): Promise<void> {
  const account = privateKeyToAccount(from.demo.user.privateKey, { nonceManager });
  const wallet = createWalletClient({ account, transport: http(from.demo.rpcUrl) });
  const { relayerConfig } = from.demo;
  const apps = relayerConfig.family === "evm" ? relayerConfig.apps : undefined;
  if (apps === undefined) throw new Error("the chain has no applications");
  const deadline = BigInt(Math.floor(Date.now() / 1000) + TIMEOUT_SECONDS);
  for (let index = 0; index < messages; index += 1)
    await wallet.writeContract({
      abi,
      address: apps.messages,
      functionName: "sendMessage",
      args: [from.client, to.demo.examples.greeter, toHex(`message ${index}`), deadline],
      chain: null,
      gas: 500_000n,
    });
}

export async function startEvmPair(database: Database, directory: string): Promise<EvmPair> {
  const demos = await Promise.all([
    startEvmDemoChain({ name: "left", chainId: 31_401, directory }),
    startEvmDemoChain({ name: "right", chainId: 31_402, directory }),
  ]);
  const transactions = openTransactionStore(database);
  const chains = await openChains(
    demos.map(({ userConfig }) => userConfig),
    families,
    {
      logger: testLogger,
      transactions,
      readSecret,
      now: Date.now,
    },
  );
  const [left, right] = demos;
  const route = await openRoute(chains.get(left.chainId), chains.get(right.chainId), 86_400n);
  return {
    route,
    sides: [
      { demo: left, chain: chains.get(left.chainId), client: route[0].client },
      { demo: right, chain: chains.get(right.chainId), client: route[1].client },
    ],
    sendMany,
    async stop() {
      await chains.close();
      await transactions.close();
      await Promise.all(demos.map((demo) => demo.stop()));
    },
  };
}
