// An EVM chain of the demo: a development chain with the packet core, a token and a greeter on it.
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
import type { DemoChain } from "./demo-chain.ts";
import { sendFromEvm } from "./send-from-evm.ts";
import { writeKey } from "./write-key.ts";

export interface EvmDemoChain extends DemoChain {
  readonly rpcUrl: string;
  readonly beaconUrl: string;
  /** The sender of the demo's packets: it deployed everything and owns the tokens. */
  readonly user: DevAccount;
  readonly examples: Examples;
  /** File of its deployment record. */
  readonly record: string;
}

export interface EvmDemoChainOptions {
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

export async function startEvmDemoChain({
  name,
  chainId,
  directory,
  delay = 0,
  devnet = {},
}: EvmDemoChainOptions): Promise<EvmDemoChain> {
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
    const demo: EvmDemoChain = {
      name,
      chainId: `eip155:${chainId}`,
      answersAt: `RPC ${chain.rpcUrl}  beacon ${chain.beaconUrl}`,
      receivers: { tokens: user.address, messages: examples.greeter },
      rpcUrl: chain.rpcUrl,
      beaconUrl: chain.beaconUrl,
      user,
      examples,
      record: deployer.recordPath,
      relayerConfig: config(await writeKey(directory, `${name}-relayer`, relayer.privateKey)),
      userConfig: config(await writeKey(directory, `${name}-user`, user.privateKey)),
      sendPackets: (request) => sendFromEvm(demo, request),
      stop: () => chain.stop(),
    };
    return demo;
  } catch (error) {
    await chain.stop();
    throw error;
  }
}
