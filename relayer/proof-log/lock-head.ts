// Takes the proof log's write lock.
import type { PoolClient } from "pg";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { LogHead } from "#sdk/evidence/checkpoint.ts";

/** The lock on this row makes the log's writers take turns, in all processes. */
export async function lockHead(session: PoolClient): Promise<LogHead> {
  const { rows } = await session.query<{ size: bigint; root: Buffer }>("select size, root from log_head for update");
  const [head] = rows;
  if (head === undefined) throw new CausewayError("LOG_INCONSISTENT", "the proof log has lost its head");
  return head;
}
