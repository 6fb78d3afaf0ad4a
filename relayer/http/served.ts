// What the HTTP routes answer from.
import type { Feed } from "#relayer/changes/feed.ts";
import type { Config } from "#relayer/config-schema.ts";
import type { Engine, OpenedChain } from "#relayer/engine.ts";
import type { Metrics } from "#relayer/metrics.ts";
import type { Access } from "./access.ts";

export interface Served {
  readonly engine: Engine;
  readonly chains: readonly OpenedChain[];
  readonly metrics: Metrics;
  readonly feed: Feed;
  readonly access: Access;
  readonly config: Config;
}
