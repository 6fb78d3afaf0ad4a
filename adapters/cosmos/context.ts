// What the roles of one opened Cosmos chain share.
import type { AdapterDependencies } from "../adapter.ts";
import type { NewBlocks } from "../rpc/new-blocks.ts";
import type { Pool } from "../rpc/pool.ts";
import type { CosmosConfig } from "./config.ts";
import type { ValidatorSets } from "./light-blocks/validator-sets.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";

export interface ChainContext {
  readonly config: CosmosConfig;
  readonly dependencies: AdapterDependencies;
  readonly endpoints: Pool<CometEndpoint>;
  readonly newBlocks: NewBlocks;
  readonly validatorSets: ValidatorSets;
}
