// The Cosmos family: chains of CometBFT whose packets are ibc-go's.
import type { AdapterFamily } from "../adapter.ts";
import { cosmosConfig } from "./config.ts";
import type { CosmosConfig } from "./config.ts";
import { openCosmosChain } from "./open.ts";
import { verifyMisbehaviour } from "./verify/misbehaviour.ts";
import { verifyComet } from "./verify/verify.ts";

export const cosmos: AdapterFamily<CosmosConfig> = {
  family: "cosmos",
  configSchema: cosmosConfig,
  open: openCosmosChain,
  verify: verifyComet,
  verifyMisbehaviour,
};
