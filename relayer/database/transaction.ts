// Runs statements in one database transaction: all of them happen, or none.
import type { Pool, PoolClient } from "pg";

const DEADLOCK = "40P01";
const ROUNDS = 5;

async function once<T>(pool: Pool, work: (session: PoolClient) => Promise<T>): Promise<T> {
  const session = await pool.connect();
  let broken = false;
  try {
    await session.query("begin");
    const result = await work(session);
    await session.query("commit");
    return result;
  } catch (error) {
    await session.query("rollback").catch(() => (broken = true));
    throw error;
  } finally {
    session.release(broken);
  }
}

/** `work` runs again when it met another transaction that took the same rows in another order. */
export async function transaction<T>(pool: Pool, work: (session: PoolClient) => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1)
    try {
      return await once(pool, work);
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK || round === ROUNDS) throw error;
    }
}
