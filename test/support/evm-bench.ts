// Two embedded development chains with the contracts deployed, opened through the adapter, and a lane between them.
import { createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Chain } from "#adapters/adapter.ts";
import { evmConfig } from "#adapters/evm/config.ts";
import type { EvmConfig } from "#adapters/evm/config.ts";
import { evm } from "#adapters/evm/family.ts";
import type { Logger } from "#adapters/logger.ts";
import type { TransactionStore } from "#adapters/transaction-store.ts";
import { openRoute } from "#relayer/commands/open-route.ts";
import { deployCore } from "#scripts/deploy/core.ts";
import { deployExamples } from "#scripts/deploy/examples.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChain, DevChainOptions } from "#scripts/devnet/dev-chain.ts";
import type { ConformanceChain } from "#test/conformance/bench.ts";
import { memoryTransactions } from "./memory-transactions.ts";

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export interface EvmBenchChain extends ConformanceChain {
  readonly dev: DevChain;
  readonly config: EvmConfig;
}

export interface EvmBench {
  readonly a: EvmBenchChain;
  readonly b: EvmBenchChain;
  close(): Promise<void>;
}

const SIGNER_KEY = devAccounts[0]?.privateKey ?? "0x";
/** A key nobody ever funded. */
const EMPTY_KEY = `0x${"5e".repeat(32)}`;
const TRUSTING_PERIOD = 86_400n;

export const openEvm = (
  config: EvmConfig,
  transactions: TransactionStore,
  options: { key?: string; logger?: Logger } = {},
): Promise<Chain> =>
  evm.open(config, {
    logger: options.logger ?? silentLogger,
    transactions,
    now: () => Date.now(),
    readSecret: async () => options.key ?? SIGNER_KEY,
  });

interface Started {
  readonly dev: DevChain;
  readonly config: EvmConfig;
  readonly chain: Chain;
  readonly transactions: TransactionStore;
  readonly token: string;
  readonly greeter: string;
}

export type EvmBenchOptions = Partial<DevChainOptions> & {
  /** Seconds that an admin has to wait; 0 when absent. */
  readonly delay?: number;
};

async function startChain({ delay = 0, ...options }: EvmBenchOptions & { chainId: number }): Promise<Started> {
  const dev = await startDevChain(options);
  try {
    const account = privateKeyToAccount(SIGNER_KEY);
    const core = await deployCore({ rpcUrl: dev.rpcUrl, account, delay });
    const { token, greeter } = await deployExamples({ rpcUrl: dev.rpcUrl, account, messageApp: core.messageApp });
    const config = evmConfig.parse({
      family: "evm",
      chainId: `eip155:${dev.chainId}`,
      endpoints: [{ name: "anvil", url: dev.rpcUrl }],
      consensus: { kind: "beacon", endpoints: [{ name: "beacon", url: dev.beaconUrl }] },
      router: core.router,
      ed25519Verifier: core.ed25519Verifier,
      apps: { transfer: core.transferApp, messages: core.messageApp },
      signer: { env: "SIGNER" },
      fees: { stuckAfterSeconds: 1 },
      pollMilliseconds: 100,
    });
    const transactions = memoryTransactions();
    const chain = await openEvm(config, transactions);
    return { dev, config, chain, transactions, token, greeter };
  } catch (error) {
    await dev.stop();
    throw error;
  }
}

async function spendForeignly({ dev }: Started): Promise<void> {
  const account = privateKeyToAccount(SIGNER_KEY);
  const wallet = createWalletClient({ account, transport: http(dev.rpcUrl) });
  const before = (await dev.control.status()).height;
  await wallet.sendTransaction({ chain: null, to: account.address, value: 1n });
  while ((await dev.control.status()).height < before + 2) await new Promise((resolve) => setTimeout(resolve, 100));
}

const benchChain = (started: Started, clientId: string): EvmBenchChain => ({
  dev: started.dev,
  config: started.config,
  chain: started.chain,
  clientId,
  transactions: started.transactions,
  receiver: started.greeter,
  denom: started.token,
  send: (request) =>
    started.chain.apps.send({ sourceClient: clientId, payload: new TextEncoder().encode("good day"), ...request }),
  reopen: ({ transactions, signer }) =>
    openEvm(started.config, transactions, signer === "empty" ? { key: EMPTY_KEY } : {}),
  setInclusion: async (on) => {
    started.dev.control.setMining(on);
  },
  spendForeignly: () => spendForeignly(started),
  now: async () => BigInt(Math.floor(Date.now() / 1000)),
});

/** Different chain ids, so nothing of one is valid on the other. */
export async function openEvmBench(options: EvmBenchOptions = {}): Promise<EvmBench> {
  const [first, second] = await Promise.all([
    startChain({ chainId: 31_337, seed: 1, ...options }),
    startChain({ chainId: 31_338, seed: 2, ...options }),
  ]);
  const close = async (): Promise<void> => {
    await Promise.all([first.dev.stop(), second.dev.stop()]);
  };
  try {
    const [onFirst, onSecond] = await openRoute(first.chain, second.chain, TRUSTING_PERIOD);
    return { a: benchChain(first, onFirst.client), b: benchChain(second, onSecond.client), close };
  } catch (error) {
    await close();
    throw error;
  }
}
