// Starts a real proof-of-stake Ethereum chain on loopback: geth executes, Prysm's beacon node and 64 validators decide.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Progress } from "#scripts/cache.ts";
import { beaconStatus } from "./beacon-status.ts";
import { buildPosPrograms } from "./build.ts";
import type { PosPrograms } from "./build.ts";
import { beaconFlags, genesisFlags, gethFlags, gethStoreFlags, validatorFlags } from "./flags.ts";
import { freePort } from "../free-port.ts";
import { consensusConfig, executionGenesis } from "./genesis.ts";
import type { PosTiming } from "./genesis.ts";
import { startNode } from "../node-process.ts";
import type { NodeProcess } from "../node-process.ts";

export interface PosChainOptions {
  readonly chainId: number;
  /** Fresh folder for data and logs. */
  readonly dir: string;
  /** Addresses that own a million ether at genesis. */
  readonly prefunded: readonly string[];
  readonly timing?: PosTiming;
  readonly rpcPort?: number;
  readonly beaconPort?: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface PosChain {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly beaconUrl: string;
  readonly logs: readonly string[];
  /** Throws NODE_FAILED when one of the programs has ended. */
  assertRunning(): Promise<void>;
  stop(): Promise<void>;
}

/** Twelve-second epochs; first finality in the fifth or sixth, a new period every 132 seconds. */
export const defaultTiming: PosTiming = { secondsPerSlot: 2, slotsPerEpoch: 6, epochsPerPeriod: 11 };

/** Time for three programs to come up before the first slot. */
const GENESIS_DELAY_SECONDS = 12;
/** Epochs until finality must have been seen; a chain that starts slowly may miss its first ones. */
const PATIENCE_EPOCHS = 20;

/** Resolves when the chain has finalized a block that a light client can start from. Throws TOOL_MISSING or NODE_FAILED. */
export async function startPosChain(options: PosChainOptions): Promise<PosChain> {
  const { chainId, dir, timing = defaultTiming, progress = () => undefined } = options;
  const programs = await buildPosPrograms(progress);
  await writeGenesis(programs, chainId, dir, timing, options.prefunded);
  const rpcPort = options.rpcPort ?? (await freePort());
  const beaconPort = options.beaconPort ?? (await freePort());
  const nodes: NodeProcess[] = [];
  const chain: PosChain = {
    chainId,
    rpcUrl: `http://127.0.0.1:${rpcPort}`,
    beaconUrl: `http://127.0.0.1:${beaconPort}`,
    logs: [join(dir, "geth.log"), join(dir, "beacon-chain.log"), join(dir, "validator.log")],
    async assertRunning() {
      for (const node of nodes) await node.assertRunning();
    },
    async stop() {
      for (const node of nodes.toReversed()) await node.stop();
    },
  };
  const start = (name: keyof PosPrograms, args: readonly string[]): void => {
    nodes.push(startNode(name, programs[name], args, join(dir, `${name}.log`)));
  };
  try {
    const ports = {
      rpc: rpcPort,
      beacon: beaconPort,
      engine: await freePort(),
      grpc: await freePort(),
      p2p: [await freePort(), await freePort(), await freePort()],
    } as const;
    start("geth", gethFlags(chainId, dir, ports));
    start("beacon-chain", beaconFlags(chainId, dir, ports));
    start("validator", validatorFlags(dir, ports));
    await untilFinal(chain, timing, progress, options.signal);
  } catch (error) {
    await chain.stop();
    throw error;
  }
  return chain;
}

async function writeGenesis(
  programs: PosPrograms,
  chainId: number,
  dir: string,
  timing: PosTiming,
  prefunded: readonly string[],
): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "config.yaml"), consensusConfig(chainId, timing));
  await writeFile(join(dir, "genesis-draft.json"), JSON.stringify(executionGenesis(chainId, prefunded)));
  await writeFile(join(dir, "jwt.hex"), randomBytes(32).toString("hex"), { mode: 0o600 });
  await runOnce(programs.prysmctl, ["testnet", "generate-genesis", ...genesisFlags(dir, GENESIS_DELAY_SECONDS)]);
  await runOnce(programs.geth, ["init", ...gethStoreFlags(dir), join(dir, "genesis.json")]);
}

async function runOnce(program: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, [...args], { timeout: 120_000 });
  } catch (error) {
    const output = (error as { stderr?: string }).stderr ?? "";
    throw new CausewayError("NODE_FAILED", `${program} ${args[0]} failed:\n${output.trim().slice(-2000)}`, {
      cause: error,
    });
  }
}

async function untilFinal(
  chain: PosChain,
  timing: PosTiming,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const patience = GENESIS_DELAY_SECONDS + timing.secondsPerSlot * timing.slotsPerEpoch * PATIENCE_EPOCHS;
  const deadline = Date.now() + patience * 1000;
  for (let round = 0; Date.now() < deadline; round += 1) {
    signal?.throwIfAborted();
    await chain.assertRunning();
    const { headSlot, finalizedBlock, bootstrap } = await beaconStatus(chain.beaconUrl);
    const finalized = finalizedBlock !== undefined && finalizedBlock > 0;
    if (finalized && bootstrap) {
      progress(`chain ${chain.chainId}: block ${finalizedBlock} is final`);
      return;
    }
    if (round % 5 === 0)
      progress(`chain ${chain.chainId}: slot ${headSlot ?? "–"}, ${finalized ? "final" : "waiting for finality"}`);
    await sleep(1000, undefined, signal === undefined ? {} : { signal });
  }
  throw new CausewayError("NODE_FAILED", `no finality within ${patience} s; see ${chain.logs.join(", ")}`);
}
