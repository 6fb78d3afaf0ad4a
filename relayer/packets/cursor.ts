// How far a chain was read, and the height ledger: both move together with the events that were read.
import type { Pool, PoolClient } from "pg";
import type { ChainId, Cursor, Watched } from "#adapters/adapter.ts";
import { CausewayError } from "#adapters/protocol/error.ts";

export async function readCursor(pool: Pool, chain: ChainId): Promise<Cursor | undefined> {
  const { rows } = await pool.query<Cursor>("select height, hash from cursors where chain = $1", [chain]);
  return rows[0];
}

async function addRange(session: PoolClient, chain: ChainId, watched: Watched): Promise<void> {
  const why = watched.kind === "gap" ? watched.why : null;
  const { rows } = await session.query<{ from_height: bigint; to_height: bigint; kind: string }>(
    "select from_height, to_height, kind from height_ranges where chain = $1 order by from_height desc limit 1",
    [chain],
  );
  const last = rows[0];
  const add = (from: bigint, to: bigint, kind: string, why: string | null) =>
    session.query("insert into height_ranges (chain, from_height, to_height, kind, why) values ($1, $2, $3, $4, $5)", [
      chain,
      from,
      to,
      kind,
      why,
    ]);
  if (last !== undefined && watched.from <= last.to_height)
    throw new CausewayError("RPC_BAD_ANSWER", `${chain} gave height ${watched.from} again`);
  if (last !== undefined && watched.from > last.to_height + 1n)
    await add(last.to_height + 1n, watched.from - 1n, "gap", "these heights were never given");
  if (last?.kind === "indexed" && watched.kind === "indexed" && watched.from === last.to_height + 1n)
    await session.query("update height_ranges set to_height = $3 where chain = $1 and from_height = $2", [
      chain,
      last.from_height,
      watched.to,
    ]);
  else await add(watched.from, watched.to, watched.kind, why);
}

/** Throws when somebody else moved the cursor meanwhile: the caller starts again from where it is. */
export async function moveCursor(
  session: PoolClient,
  chain: ChainId,
  before: Cursor | undefined,
  watched: Watched,
): Promise<void> {
  const timestamp = watched.kind === "indexed" ? watched.timestamp : null;
  const values = [chain, watched.cursor.height, watched.cursor.hash, timestamp];
  const { rowCount } =
    before === undefined
      ? await session.query(
          "insert into cursors (chain, height, hash, timestamp) values ($1, $2, $3, $4) on conflict do nothing",
          values,
        )
      : await session.query(
          `update cursors set height = $2, hash = $3, timestamp = coalesce($4, timestamp), updated_at = now()
           where chain = $1 and height = $5 and hash = $6`,
          [...values, before.height, before.hash],
        );
  if (rowCount !== 1)
    throw new CausewayError("STORE_UNAVAILABLE", `the cursor of ${chain} was moved by another relayer`);
  await addRange(session, chain, watched);
}
