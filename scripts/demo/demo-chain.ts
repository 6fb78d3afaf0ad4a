// One of the demo's chains: a development chain with the packet core, a token and a greeter on it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { chainConfig } from "#adapters/families.ts";
import type { ChainConfig } from "#adapters/families.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { deployCore } from "#scripts/deploy/core.ts";
import { deployExamples } from "#scripts/deploy/examples.ts";
import type { Examples } from "#scripts/deploy/examples.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import type { DevAccount } from "#scripts/devnet/dev-accounts.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChainOptions } from "#scripts/devnet/dev-chain.ts";

export interface DemoChain {
  /** For people. */
  readonly name: string;
  readonly chainId: string;
  readonly rpcUrl: string;
  readonly beaconUrl: string;
  /** The sender of the demo's packets: it deployed everything and owns the tokens. */
  readonly user: DevAccount;
  readonly examples: Examples;
  /** File of its deployment record. */
  readonly record: string;
  /** The same chain as the relayer and as the user configure it. */
  readonly relayerConfig: ChainConfig;
  readonly userConfig: ChainConfig;
  stop(): Promise<void>;
}

export interface DemoChainOptions {
  readonly name: string;
  readonly chainId: number;
  /** Where the keys' files are put. */
  readonly directory: string;
  /** Seconds that an admin has to wait; 0 when absent. */
  readonly delay?: number;
  /** What is to be different about the development chain. */
  readonly devnet?: Partial<DevChainOptions>;
}

/** Receipts of a chain with one block a second. */
const POLL_MS = 50;

function account(index: number): DevAccount {
  const found = devAccounts[index];
  if (found === undefined) throw new CausewayError("MISSING_SECRET", `there is no development account ${index}`);
  return found;
}

async function keyFile(directory: string, name: string, { privateKey }: DevAccount): Promise<{ file: string }> {
  const file = join(directory, `${name}.key`);
  await writeFile(file, privateKey, { mode: 0o600 });
  return { file };
}

export async function startDemoChain({
  name,
  chainId,
  directory,
  delay = 0,
  devnet = {},
}: DemoChainOptions): Promise<DemoChain> {
  const [user, relayer] = [account(0), account(1)];
  const chain = await startDevChain({ chainId, blockTime: 1, finalityLag: 1, seed: chainId, ...devnet });
  try {
    const deployer = {
      rpcUrl: chain.rpcUrl,
      account: privateKeyToAccount(user.privateKey),
      pollingInterval: POLL_MS,
      recordPath: join(directory, "deployments", `${chainId}.json`),
    };
    const core = await deployCore({ ...deployer, delay });
    const examples = await deployExamples({ ...deployer, messageApp: core.messageApp });
    const config = (signer: { file: string }): ChainConfig =>
      chainConfig.parse({
        family: "evm",
        chainId: `eip155:${chainId}`,
        endpoints: [{ name: `${name}-anvil`, url: chain.rpcUrl }],
        consensus: { kind: "beacon", endpoints: [{ name: `${name}-beacon`, url: chain.beaconUrl }] },
        router: core.router,
        ed25519Verifier: core.ed25519Verifier,
        apps: { transfer: core.transferApp, messages: core.messageApp },
        signer,
        pollMilliseconds: 200,
      });
    return {
      name,
      chainId: `eip155:${chainId}`,
      rpcUrl: chain.rpcUrl,
      beaconUrl: chain.beaconUrl,
      user,
      examples,
      record: deployer.recordPath,
      relayerConfig: config(await keyFile(directory, `${name}-relayer`, relayer)),
      userConfig: config(await keyFile(directory, `${name}-user`, user)),
      stop: () => chain.stop(),
    };
  } catch (error) {
    await chain.stop();
    throw error;
  }
}
