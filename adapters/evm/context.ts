// What the roles of one opened EVM chain share.
import type { AdapterDependencies } from "../adapter.ts";
import type { EvmConfig } from "./config.ts";
import type { Consensus } from "./consensus/consensus.ts";
import type { Pushes } from "../rpc/pushes.ts";
import type { Pool } from "../rpc/pool.ts";
import type { Remembered } from "../rpc/remember.ts";
import type { KnownGas } from "../submit/known-gas.ts";
import type { TrustedClient } from "../trusted-client.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";

export interface ChainContext {
  readonly config: EvmConfig;
  readonly dependencies: AdapterDependencies;
  readonly execution: Pool<RpcEndpoint>;
  readonly consensus: Consensus;
  readonly newBlocks: Pushes;
  /** By block, endpoint and client id. */
  readonly trusted: Remembered<Omit<TrustedClient, "now">>;
  readonly knownGas: KnownGas;
}
