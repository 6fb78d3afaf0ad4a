// Two real ibc-go chains, opened through the adapter over nodes that can be told to swallow transactions, and a lane between them.
import { join } from "node:path";
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { SigningStargateClient } from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { hexToBytes } from "@noble/hashes/utils.js";
import type { Chain } from "#adapters/adapter.ts";
import { cosmosConfig } from "#adapters/cosmos/config.ts";
import type { CosmosConfig } from "#adapters/cosmos/config.ts";
import { cosmos } from "#adapters/cosmos/family.ts";
import type { Logger } from "#adapters/logger.ts";
import type { TransactionStore } from "#adapters/transaction-store.ts";
import { openRoute } from "#relayer/commands/open-route.ts";
import { ACCOUNT_PREFIX, simdAccounts, STAKE_DENOM, TOKEN_DENOM } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import type { ConformanceChain } from "#test/conformance/bench.ts";
import { openCometProxy } from "./comet-proxy.ts";
import type { CometProxy } from "./comet-proxy.ts";
import { silentLogger } from "./evm-bench.ts";
import { memoryTransactions } from "./memory-transactions.ts";

export interface CosmosBench {
  readonly a: ConformanceChain;
  readonly b: ConformanceChain;
  close(): Promise<void>;
}

const signer = simdAccounts[0] as SimdAccount;
const receiver = simdAccounts[1] as SimdAccount;
/** A key nobody ever funded. */
const EMPTY_KEY = "5e".repeat(32);
const TRUSTING_PERIOD = 86_400n;

const openCosmos = (
  config: CosmosConfig,
  transactions: TransactionStore,
  { key = signer.privateKey, logger = silentLogger }: { key?: string; logger?: Logger } = {},
): Promise<Chain> => cosmos.open(config, { logger, transactions, now: () => Date.now(), readSecret: async () => key });

interface Started {
  readonly simd: SimdChain;
  readonly proxy: CometProxy;
  readonly config: CosmosConfig;
  readonly chain: Chain;
  readonly transactions: TransactionStore;
}

async function startChain(chainId: string, dir: string): Promise<Started> {
  const simd = await startSimd({ chainId, dir: join(dir, chainId) });
  const proxy = await openCometProxy(simd.rpcUrl);
  const config = cosmosConfig.parse({
    family: "cosmos",
    chainId: `cosmos:${chainId}`,
    endpoints: [{ name: "simd", url: proxy.url }],
    accountPrefix: ACCOUNT_PREFIX,
    signer: { env: "SIGNER" },
    gasPrice: { denom: STAKE_DENOM, amount: "0.01", max: "0.1" },
    pollMilliseconds: 100,
  });
  const transactions = memoryTransactions();
  return { simd, proxy, config, chain: await openCosmos(config, transactions), transactions };
}

/** With the signer's key, and past the adapter's node. */
async function spendForeignly({ simd }: Started): Promise<void> {
  const wallet = await DirectSecp256k1Wallet.fromKey(hexToBytes(signer.privateKey), ACCOUNT_PREFIX);
  const client = SigningStargateClient.createWithSigner(await Comet38Client.connect(simd.rpcUrl), wallet);
  const amount = [{ denom: STAKE_DENOM, amount: "1" }];
  await client.sendTokens(signer.address, receiver.address, amount, { amount, gas: "200000" });
}

const benchChain = (started: Started, clientId: string): ConformanceChain => ({
  chain: started.chain,
  clientId,
  transactions: started.transactions,
  receiver: receiver.address,
  denom: TOKEN_DENOM,
  send: (request) =>
    started.chain.apps.transfer({ sourceClient: clientId, denom: TOKEN_DENOM, amount: 1n, memo: "", ...request }),
  reopen: ({ transactions, signer: who }) =>
    openCosmos(started.config, transactions, who === "empty" ? { key: EMPTY_KEY } : {}),
  setInclusion: async (on) => {
    started.proxy.setSwallowing(!on);
  },
  spendForeignly: () => spendForeignly(started),
  now: async () => BigInt(Math.floor(Date.now() / 1000)),
});

/** `dir`: fresh, for the chains' data. */
export async function openCosmosBench(dir: string): Promise<CosmosBench> {
  const starting = [startChain("simd-1", dir), startChain("simd-2", dir)] as const;
  const settled = await Promise.allSettled(starting);
  const close = async (): Promise<void> => {
    for (const each of settled)
      if (each.status === "fulfilled") {
        await each.value.proxy.close();
        await each.value.simd.stop();
      }
  };
  try {
    const [first, second] = await Promise.all(starting);
    const [onFirst, onSecond] = await openRoute(first.chain, second.chain, TRUSTING_PERIOD);
    return { a: benchChain(first, onFirst.client), b: benchChain(second, onSecond.client), close };
  } catch (error) {
    await close();
    throw error;
  }
}
