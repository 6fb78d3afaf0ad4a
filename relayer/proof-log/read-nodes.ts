// Reads stored tree nodes in one query.
import type { Pool, PoolClient } from "pg";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { NodeId, ReadNode } from "#sdk/evidence/tree.ts";

const NODES = `
  select 0 as level, entries.index as position, entries.leaf as hash
  from unnest($1::int[], $2::bigint[]) as wanted(level, position)
  join log_entries entries on wanted.level = 0 and entries.index = wanted.position
  union all
  select nodes.level, nodes.position, nodes.hash
  from unnest($1::int[], $2::bigint[]) as wanted(level, position)
  join log_nodes nodes on nodes.level = wanted.level and nodes.position = wanted.position`;

const name = ({ level, position }: NodeId): string => `${level}/${position}`;

/** Hashes of these nodes. Reading one that the database lacks throws LOG_INCONSISTENT. */
export async function readNodes(database: Pool | PoolClient, wanted: readonly NodeId[]): Promise<ReadNode> {
  const { rows } = await database.query<{ level: number; position: bigint; hash: Buffer }>(NODES, [
    wanted.map(({ level }) => level),
    wanted.map(({ position }) => position.toString()),
  ]);
  const hashes = new Map(rows.map((row) => [name(row), row.hash]));
  return (node) => {
    const hash = hashes.get(name(node));
    if (hash === undefined)
      throw new CausewayError("LOG_INCONSISTENT", `the proof log lost its tree node ${name(node)}`);
    return hash;
  };
}
