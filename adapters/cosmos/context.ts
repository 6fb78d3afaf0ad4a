// What the roles of one opened Cosmos chain share.
import type { AdapterDependencies } from "../adapter.ts";
import type { Pushes } from "../rpc/pushes.ts";
import type { Pool } from "../rpc/pool.ts";
import { remember } from "../rpc/remember.ts";
import type { Remembered } from "../rpc/remember.ts";
import type { TrustedClient } from "../trusted-client.ts";
import type { CosmosConfig } from "./config.ts";
import { createSignedHeaders } from "./light-blocks/signed-headers.ts";
import type { SignedHeaders } from "./light-blocks/signed-headers.ts";
import { createValidatorSets } from "./light-blocks/validator-sets.ts";
import type { ValidatorSets } from "./light-blocks/validator-sets.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { createRecentBlocks } from "./rpc/recent-blocks.ts";
import type { RecentBlocks } from "./rpc/recent-blocks.ts";
import { createKnownGas } from "../submit/known-gas.ts";
import type { KnownGas } from "../submit/known-gas.ts";
import { isPacketEventType } from "./watch/packet-events.ts";

export interface ChainContext extends Connections, Memory {}

interface Connections {
  readonly config: CosmosConfig;
  readonly dependencies: AdapterDependencies;
  readonly endpoints: Pool<CometEndpoint>;
  readonly newBlocks: Pushes;
}

/** What was learned of the chain, so that it need not be asked for again. */
interface Memory {
  readonly validatorSets: ValidatorSets;
  readonly signedHeaders: SignedHeaders;
  readonly blocks: RecentBlocks;
  /** By height, endpoint and client id. */
  readonly trusted: Remembered<TrustedClient>;
  /** The most gas that a block has, by a stretch of time. */
  readonly blockGas: Remembered<bigint>;
  readonly knownGas: KnownGas;
  /** Packet messages that the chain refused, by name. */
  readonly distrusted: Set<string>;
}

const CLIENTS_REMEMBERED = 64;

export const createContext = (connections: Connections): ChainContext => ({
  ...connections,
  validatorSets: createValidatorSets(),
  signedHeaders: createSignedHeaders(),
  blocks: createRecentBlocks(isPacketEventType),
  trusted: remember(CLIENTS_REMEMBERED),
  blockGas: remember(1),
  knownGas: createKnownGas(),
  distrusted: new Set(),
});
