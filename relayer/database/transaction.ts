// Runs statements in one database transaction: all of them happen, or none.
import type { Pool, PoolClient } from "pg";

export async function transaction<T>(pool: Pool, work: (session: PoolClient) => Promise<T>): Promise<T> {
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
