// Chains for people: how far each was read, what was missed, and how its endpoints are doing.
import type { Pool } from "pg";
import type { ChainView } from "#sdk/api/views.ts";
import { iso } from "./iso.ts";

export interface NamedChain {
  readonly chainId: string;
  readonly family: string;
  /** As last heard; absent when nobody asks the chain. */
  readonly health?: ChainView["health"] | undefined;
}

/** In the order given. */
export async function listChains(pool: Pool, chains: readonly NamedChain[]): Promise<ChainView[]> {
  const { rows } = await pool.query<Omit<ChainView, "family" | "health">>(
    `select c.chain, k.height::text as "height", k.timestamp::text as "timestamp", ${iso("k.updated_at")} as "updatedAt",
       coalesce((select jsonb_agg(jsonb_build_object('from', r.from_height::text, 'to', r.to_height::text, 'why', r.why) order by r.from_height)
         from height_ranges r where r.chain = c.chain and r.kind = 'gap'), '[]') as "gaps"
     from unnest($1::text[]) with ordinality as c (chain, position) left join cursors k on k.chain = c.chain order by c.position`,
    [chains.map(({ chainId }) => chainId)],
  );
  return rows.map((row, index) => ({
    ...row,
    family: chains[index]?.family ?? "",
    health: chains[index]?.health ?? null,
  }));
}
