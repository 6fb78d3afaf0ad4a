// The Cosmos family: chains of CometBFT whose packets are ibc-go's.
import type { AdapterFamily } from "../adapter.ts";
import { cosmosConfig } from "./config.ts";
import type { CosmosConfig } from "./config.ts";
import { verifyMisbehaviour } from "./verify/misbehaviour.ts";
import { verifyComet } from "./verify/verify.ts";

export const cosmos: AdapterFamily<CosmosConfig> = {
  family: "cosmos",
  configSchema: cosmosConfig,
  // What talks to chains takes a while to load, and whoever reads a configuration or judges evidence does without.
  open: async (config, dependencies) => (await import("./open.ts")).openCosmosChain(config, dependencies),
  verify: verifyComet,
  verifyMisbehaviour,
};
