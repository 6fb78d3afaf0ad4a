// Two development chains whose admin acts are delayed, three operators' configurations of them, and the command line in a process.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { privateKeyToAccount } from "viem/accounts";
import { stringify } from "yaml";
import { deployCore } from "#scripts/deploy/core.ts";
import { deployExamples } from "#scripts/deploy/examples.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import type { DevAccount } from "#scripts/devnet/dev-accounts.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChain } from "#scripts/devnet/dev-chain.ts";
import { freePort } from "#scripts/devnet/free-port.ts";

const launcher = fileURLToPath(new URL("../../relayer/bin/causeway.js", import.meta.url));

export interface RecoveryChain {
  readonly id: string;
  readonly dev: DevChain;
  readonly router: `0x${string}`;
  readonly apps: { readonly transfer: `0x${string}`; readonly messages: `0x${string}` };
  readonly greeter: string;
}

export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface RecoveryWorld {
  readonly chains: readonly [RecoveryChain, RecoveryChain];
  readonly directory: string;
  /** Where the relayer answers when it runs. */
  readonly api: string;
  /** Writes relayer.yaml, admin.yaml, guardian.yaml and nobody.yaml with these routes. */
  configure(routes: readonly unknown[]): Promise<void>;
  /** One command, in the directory of the configurations. */
  causeway(...argv: string[]): Promise<Ran>;
  startRelayer(): Promise<void>;
  stopRelayer(): Promise<void>;
  /** Moves both chains' clocks on. */
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** Seconds that a client admin has to wait. */
export const DELAY = 600;

const account = (index: number): DevAccount => {
  const found = devAccounts[index];
  if (found === undefined) throw new Error(`there is no development account ${index}`);
  return found;
};

const OPERATORS = { relayer: account(1), admin: account(2), guardian: account(3), nobody: account(4) };

async function startChain(chainId: number): Promise<RecoveryChain> {
  // Periods of more than four hours: what is passed over stays within the first.
  const dev = await startDevChain({
    chainId,
    seed: chainId,
    blockTime: 1,
    finalityLag: 1,
    committeeSize: 32,
    epochsPerPeriod: 2_048,
  });
  try {
    const deployer = { rpcUrl: dev.rpcUrl, account: privateKeyToAccount(account(0).privateKey), pollingInterval: 50 };
    const holders = { clientAdmin: OPERATORS.admin.address, guardian: OPERATORS.guardian.address };
    const core = await deployCore({ ...deployer, delay: DELAY, holders });
    const { greeter } = await deployExamples({ ...deployer, messageApp: core.messageApp });
    const apps = { transfer: core.transferApp, messages: core.messageApp };
    return { id: `eip155:${chainId}`, dev, router: core.router, apps, greeter };
  } catch (error) {
    await dev.stop();
    throw error;
  }
}

export async function openRecoveryWorld(firstChainId: number): Promise<RecoveryWorld> {
  const directory = await mkdtemp(join(tmpdir(), "causeway-recovery-"));
  await chmod(directory, 0o711);
  const chains = await Promise.all([startChain(firstChainId), startChain(firstChainId + 1)]);
  const port = await freePort();
  let relayer: ChildProcess | undefined;

  const start = (...argv: string[]): ChildProcess =>
    spawn(process.execPath, [launcher, ...argv], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, DATABASE_URL: "", REDIS_URL: "" },
      cwd: directory,
    });

  const stopRelayer = async (): Promise<void> => {
    if (relayer === undefined || relayer.exitCode !== null) return;
    relayer.kill("SIGTERM");
    await once(relayer, "close");
  };

  return {
    chains,
    directory,
    api: `http://127.0.0.1:${port}`,
    async configure(routes) {
      for (const [name, { privateKey }] of Object.entries(OPERATORS)) {
        await writeFile(join(directory, `${name}.key`), privateKey, { mode: 0o600 });
        const value = {
          data: "data",
          http: { port },
          timers: { tick: 0.25, finalityPoll: 0.25, compare: 0.25, refresh: 1, firstRetry: 0.5, longestRetry: 2 },
          chains: chains.map(({ id, dev, router, apps }) => ({
            family: "evm",
            chainId: id,
            endpoints: [{ name: "anvil", url: dev.rpcUrl }],
            consensus: { kind: "beacon", endpoints: [{ name: "beacon", url: dev.beaconUrl }] },
            router,
            apps,
            signer: { file: join(directory, `${name}.key`) },
            pollMilliseconds: 200,
          })),
          routes,
        };
        await writeFile(join(directory, `${name}.yaml`), stringify(value));
      }
    },
    async causeway(...argv) {
      const child = start(...argv);
      let [output, errors] = ["", ""];
      child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
      child.stderr?.on("data", (data: Buffer) => (errors += data.toString()));
      const [code] = (await once(child, "close")) as [number | null];
      return { code, output, errors };
    },
    async startRelayer() {
      relayer = start("relay");
      if (process.env["TEST_LOG"] === "1") relayer.stderr?.pipe(process.stderr);
      else relayer.stderr?.resume();
      relayer.stdout?.resume();
    },
    stopRelayer,
    async pass(seconds) {
      for (const { dev } of chains) await dev.control.advanceTime(seconds);
    },
    async close() {
      await stopRelayer();
      await Promise.all(chains.map(({ dev }) => dev.stop()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
