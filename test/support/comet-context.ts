// A Cosmos chain's context over nodes that a test runs.
import { cosmosConfig } from "#adapters/cosmos/config.ts";
import { createContext } from "#adapters/cosmos/context.ts";
import type { ChainContext } from "#adapters/cosmos/context.ts";
import { blockPusher } from "#adapters/cosmos/rpc/block-pusher.ts";
import { createCometEndpoint } from "#adapters/cosmos/rpc/comet-endpoint.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import { createPushes } from "#adapters/rpc/pushes.ts";
import { createPool } from "#adapters/rpc/pool.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { CHAIN_ID, timeAt } from "./comet-evidence.ts";
import { startCometNode } from "./comet-node.ts";
import type { CometAnswers, CometNode } from "./comet-node.ts";
import { memoryTransactions } from "./memory-transactions.ts";

export interface CometBench {
  readonly context: ChainContext;
  readonly nodes: readonly CometNode[];
  close(): Promise<void>;
}

const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Nodes are named node-0, node-1 and so on, and asked in that order. */
export async function openComet(
  answers: readonly CometAnswers[],
  settings: Partial<Record<"fromHeight" | "blocksPerFetch", number>> = {},
): Promise<CometBench> {
  const nodes = await Promise.all(answers.map((each, index) => startCometNode(CHAIN_ID, each, `node-${index}`)));
  const chainId = `cosmos:${CHAIN_ID}`;
  const config = cosmosConfig.parse({
    family: "cosmos",
    chainId,
    endpoints: nodes.map(({ url }, index) => ({ name: `node-${index}`, url })),
    accountPrefix: "cosmos",
    pollMilliseconds: 50,
    ...settings,
  });
  const endpoints = createPool(
    config.endpoints.map(({ name, url }) => createCometEndpoint({ name, url, chainId, timeoutSeconds: 5 })),
    { what: chainId, logger, now: Date.now },
  );
  const newBlocks = createPushes(nodes.map(({ url }) => blockPusher(url)));
  const dependencies = {
    logger,
    transactions: memoryTransactions(),
    readSecret: () => Promise.reject(new RangeError("nothing is signed here")),
    now: Date.now,
  };
  return {
    nodes,
    context: createContext({ config, dependencies, endpoints, newBlocks }),
    async close() {
      newBlocks.close();
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

/** As a host shows it, whose clock is at the time of block `now` and a second. */
export function trustedComet(state: CometState, now: bigint): TrustedClient {
  const latest = state.consensusStates.at(-1);
  return {
    clientId: "07-tendermint-0",
    clientType: "cometbft",
    state: encodeTrustedState(state),
    status: state.frozen ? "frozen" : "active",
    height: latest?.height ?? 0n,
    timestamp: (latest?.timestamp ?? 0n) / 1_000_000_000n,
    expiresAt: ((latest?.timestamp ?? 0n) + state.trustingPeriod) / 1_000_000_000n,
    now: timeAt(now).seconds + 1n,
  };
}
