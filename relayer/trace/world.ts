// Where a packet is looked for: the configured chains, whether or not they could be opened, and a relayer's tables when there are any.
import type { Pool } from "pg";
import type { Chain } from "#adapters/adapter.ts";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Routes } from "#relayer/routes.ts";

export type TracedChain =
  | { readonly chainId: ChainId; readonly opened: Chain }
  | {
      readonly chainId: ChainId;
      readonly opened: undefined;
      /** Without what an endpoint may not show. */ readonly why: string;
    };

export interface TraceWorld {
  readonly chains: readonly TracedChain[];
  readonly routes: Routes;
  /** Absent: the chains alone are asked. */
  readonly tables: Pool | undefined;
  /** Unix seconds. */
  readonly now: () => number;
}
