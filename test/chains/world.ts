// Two chains with everything deployed, light clients of each other, and a running relayer between them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { destination, pino } from "pino";
import { privateKeyToAccount } from "viem/accounts";
import { stringify } from "yaml";
import type { Chain } from "#adapters/adapter.ts";
import { families, openChain } from "#adapters/families.ts";
import { evmConfig } from "#adapters/evm/config.ts";
import { openRoute } from "#relayer/commands/open-route.ts";
import { loadConfig } from "#relayer/config.ts";
import { startRelayer } from "#relayer/main.ts";
import { readSecret } from "#relayer/secrets.ts";
import { deployCore } from "#scripts/deploy/core.ts";
import type { CoreDeployment } from "#scripts/deploy/core.ts";
import { deployExamples } from "#scripts/deploy/examples.ts";
import type { Examples } from "#scripts/deploy/examples.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { memoryTransactions } from "#test/support/memory-transactions.ts";

export interface RunningChain {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly beaconUrl: string;
}

export interface Side {
  readonly chain: Chain;
  readonly rpcUrl: string;
  readonly contracts: CoreDeployment & Examples;
  /** The light client of the other side, hosted here. */
  readonly clientId: string;
}

export interface World {
  readonly a: Side;
  readonly b: Side;
  readonly relayerUrl: string;
  stop(): Promise<void>;
}

/** Owns the tokens and sends packets; the relayer pays with another account. */
export const user = devAccounts[0] as (typeof devAccounts)[number];
const payer = devAccounts[1] as (typeof devAccounts)[number];
const TRUSTING_PERIOD = 86_400n;

export async function buildWorld(first: RunningChain, second: RunningChain, dir: string): Promise<World> {
  const logger = pino({ level: "debug" }, destination({ dest: join(dir, "relayer.log"), sync: true }));
  const keys = join(dir, "keys");
  await mkdir(keys, { recursive: true });
  for (const [name, { privateKey }] of Object.entries({ user, payer }))
    await writeFile(join(keys, name), privateKey, { mode: 0o600 });

  const configOf = (running: RunningChain, contracts: CoreDeployment, signer: string) => ({
    family: "evm",
    chainId: `eip155:${running.chainId}`,
    endpoints: [{ name: "node", url: running.rpcUrl }],
    consensus: { kind: "beacon", endpoints: [{ name: "beacon", url: running.beaconUrl }] },
    router: contracts.router,
    apps: { transfer: contracts.transferApp, messages: contracts.messageApp },
    signer: { file: join(keys, signer) },
  });
  const prepare = async (running: RunningChain) => {
    const options = { rpcUrl: running.rpcUrl, account: privateKeyToAccount(user.privateKey), delay: 0 };
    const core = await deployCore(options);
    const contracts = { ...core, ...(await deployExamples({ ...options, messageApp: core.messageApp })) };
    const transactions = memoryTransactions();
    const config = evmConfig.parse(configOf(running, core, "user"));
    return { contracts, chain: await openChain(config, { logger, transactions, readSecret, now: Date.now }) };
  };
  const [one, two] = await Promise.all([prepare(first), prepare(second)]);
  const route = await openRoute(one.chain, two.chain, TRUSTING_PERIOD);

  const path = join(dir, "relayer.yaml");
  const file = {
    data: join(dir, "data"),
    http: { port: 0 },
    chains: [configOf(first, one.contracts, "payer"), configOf(second, two.contracts, "payer")],
    routes: [route],
  };
  await writeFile(path, stringify(file));
  // Neither DATABASE_URL nor REDIS_URL of whoever runs the test: the relayer brings its own database.
  const relayer = await startRelayer(await loadConfig(path, { families, environment: {} }), { logger });
  return {
    a: { chain: one.chain, contracts: one.contracts, rpcUrl: first.rpcUrl, clientId: route[0].client },
    b: { chain: two.chain, contracts: two.contracts, rpcUrl: second.rpcUrl, clientId: route[1].client },
    relayerUrl: relayer.url,
    async stop() {
      await relayer.stop();
      await Promise.all([one.chain.close(), two.chain.close()]);
    },
  };
}
