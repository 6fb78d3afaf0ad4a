// How far a chain was read, and the height ledger: both move together with the events that were read.
import type { Pool, PoolClient } from "pg";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Cursor, Watched } from "#adapters/source-chain.ts";
import { CausewayError } from "#adapters/protocol/error.ts";

export async function readCursor(pool: Pool, chain: ChainId): Promise<Cursor | undefined> {
  const { rows } = await pool.query<Cursor>("select height, hash from cursors where chain = $1", [chain]);
  return rows[0];
}

/** `before` is null for a chain that was never read; what comes after a range of the same kind lengthens it. */
const MOVE = `
  with begun as (
    insert into cursors (chain, height, hash, timestamp) select $1, $2::numeric, $3, $4::numeric where $5::numeric is null
    on conflict do nothing returning chain),
  moved as (
    update cursors set height = $2, hash = $3, timestamp = coalesce($4, timestamp), updated_at = now()
    where chain = $1 and height = $5 and hash = $6 returning chain),
  last as (
    select from_height, to_height, kind from height_ranges where chain = $1 order by from_height desc limit 1),
  longer as (
    update height_ranges r set to_height = $8 from last
    where r.chain = $1 and r.from_height = last.from_height and last.kind = 'indexed' and $9 = 'indexed' and last.to_height + 1 = $7
    returning r.chain),
  missed as (
    insert into height_ranges (chain, from_height, to_height, kind, why)
    select $1, last.to_height + 1, $7::numeric - 1, 'gap', 'these heights were never given' from last where last.to_height + 1 < $7
    on conflict do nothing),
  added as (
    insert into height_ranges (chain, from_height, to_height, kind, why) select $1, $7::numeric, $8::numeric, $9, $10
    where not exists (select from longer) and not exists (select from last where to_height >= $7)
    on conflict do nothing)
  select exists (select from begun union all select from moved) as ours, exists (select from last where to_height >= $7) as again`;

/** Throws when somebody else moved the cursor meanwhile: the caller starts again from where it is. */
export async function moveCursor(
  session: PoolClient,
  chain: ChainId,
  before: Cursor | undefined,
  watched: Watched,
): Promise<void> {
  const { kind, from, to, cursor } = watched;
  const { rows } = await session.query<{ ours: boolean; again: boolean }>(MOVE, [
    chain,
    cursor.height,
    cursor.hash,
    kind === "indexed" ? watched.timestamp : null,
    before?.height ?? null,
    before?.hash ?? null,
    from,
    to,
    kind,
    kind === "gap" ? watched.why : null,
  ]);
  if (rows[0]?.ours !== true)
    throw new CausewayError("STORE_UNAVAILABLE", `the cursor of ${chain} was moved by another relayer`);
  if (rows[0].again) throw new CausewayError("RPC_BAD_ANSWER", `${chain} gave height ${from} again`);
}
