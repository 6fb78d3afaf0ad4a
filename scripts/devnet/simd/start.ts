// Starts a real ibc-go chain on loopback: simd, one process for each validator.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Progress } from "#scripts/cache.ts";
import { freePort } from "../free-port.ts";
import { buildSimd } from "./build.ts";
import { writeNodeConfig } from "./config.ts";
import type { SimdLogLevel } from "./config.ts";
import { writeGenesis } from "./genesis.ts";
import { createRunSimd } from "./run-simd.ts";
import { createSimdNode } from "./node.ts";
import type { SimdNode } from "./node.ts";
import { readSimdStatus } from "./status.ts";

export interface SimdOptions {
  /** As the chain calls itself, e.g. "simd-1". */
  readonly chainId: string;
  /** Fresh folder for data and logs. */
  readonly dir: string;
  /** Voting power of each validator; one with 100 when absent. */
  readonly powers?: readonly number[];
  /** Wasm contracts that are there without governance. */
  readonly contracts?: readonly Uint8Array[];
  readonly rpcPort?: number;
  /** Whether nodes answer gRPC, too. */
  readonly grpc?: boolean;
  /** "info" when absent. */
  readonly logLevel?: SimdLogLevel;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface SimdChain {
  readonly chainId: string;
  /** CometBFT JSON-RPC of the first validator's node. */
  readonly rpcUrl: string;
  readonly validators: readonly SimdNode[];
  /** Throws NODE_FAILED when a node has ended that was not stopped. */
  assertRunning(): Promise<void>;
  stop(): Promise<void>;
}

/** Blocks until something can be proven: a state's root is in the header after it. */
const FIRST_HEIGHT = 3;
const PATIENCE_MS = 120_000;

/** Resolves when blocks are made. Throws TOOL_MISSING or NODE_FAILED. */
export async function startSimd(options: SimdOptions): Promise<SimdChain> {
  const { chainId, dir, powers = [100], contracts = [], progress = () => undefined, signal } = options;
  const program = await buildSimd(progress);
  await mkdir(dir, { recursive: true });
  const homes = powers.map((_, index) => join(dir, `node-${index}`));
  await writeGenesis(createRunSimd(program), { chainId, homes, powers, contracts });
  const validators: SimdNode[] = [];
  for (const [index, home] of homes.entries()) {
    const rpc = (index === 0 ? options.rpcPort : undefined) ?? (await freePort());
    const ports = { rpc, p2p: await freePort(), ...(options.grpc === true ? { grpc: await freePort() } : {}) };
    const peers = validators.map(({ peer }) => peer);
    await writeNodeConfig(home, { ports, peers, logLevel: options.logLevel ?? "info" });
    validators.push(await createSimdNode({ program, home, index, ports }));
  }
  const chain: SimdChain = {
    chainId,
    rpcUrl: (validators[0] as SimdNode).rpcUrl,
    validators,
    async assertRunning() {
      for (const node of validators) await node.assertRunning();
    },
    async stop() {
      await Promise.all(validators.map((node) => node.stop()));
    },
  };
  try {
    for (const node of validators) node.start();
    await untilBlocks(chain, signal);
  } catch (error) {
    await chain.stop();
    throw error;
  }
  progress(`${chainId} makes blocks at ${chain.rpcUrl}`);
  return chain;
}

async function untilBlocks(chain: SimdChain, signal: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    await chain.assertRunning();
    const statuses = await Promise.all(chain.validators.map(({ rpcUrl }) => readSimdStatus(rpcUrl)));
    // Whoever else listens on a port that was asked for answers, too.
    if (statuses.every((status) => status?.chainId === chain.chainId && status.height >= FIRST_HEIGHT)) return;
    await sleep(100, undefined, signal === undefined ? {} : { signal });
  }
  const logs = chain.validators.map(({ logPath }) => logPath).join(", ");
  throw new CausewayError("NODE_FAILED", `${chain.chainId} made no blocks in ${PATIENCE_MS / 1000} s; see ${logs}`);
}
