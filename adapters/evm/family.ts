// The EVM family: Ethereum and chains like it, followed through their beacon chain.
import type { AdapterFamily } from "../adapter.ts";
import { evmConfig } from "./config.ts";
import type { EvmConfig } from "./config.ts";
import { verifyMisbehaviour } from "./verify/misbehaviour.ts";
import { verifyBeacon } from "./verify/verify.ts";

export const evm: AdapterFamily<EvmConfig> = {
  family: "evm",
  configSchema: evmConfig,
  // What talks to chains takes a while to load, and whoever reads a configuration or judges evidence does without.
  open: async (config, dependencies) => (await import("./open.ts")).openEvmChain(config, dependencies),
  verify: verifyBeacon,
  verifyMisbehaviour,
};
