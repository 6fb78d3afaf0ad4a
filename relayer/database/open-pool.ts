// Connections to the database, as everything in the relayer uses them.
import pg from "pg";
import { PROCESS_NAME } from "#relayer/process-name.ts";

const { INT8, NUMERIC } = pg.types.builtins;
const INT8_ARRAY = 1016;
const parsers = new Map<number, (value: string) => unknown>([
  [INT8, BigInt],
  [NUMERIC, BigInt],
  [INT8_ARRAY, (value) => (value === "{}" ? [] : value.slice(1, -1).split(",").map(BigInt))],
]);

const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    (format === "binary" ? undefined : parsers.get(id)) ?? pg.types.getTypeParser(id, format),
};

/** A session that ends while it is checked out says so to the query that uses it; the event alone must not end the process. */
export const onConnect = (client: pg.ClientBase): void => void client.on("error", () => undefined);

/** Integers wider than 32 bits (bigint, numeric) come back as bigint, alone and (bigint) in arrays. */
export function openPool(connectionString: string, settings: Pick<pg.PoolConfig, "max" | "lock_timeout">): pg.Pool {
  return new pg.Pool({
    connectionString,
    types,
    application_name: PROCESS_NAME,
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
    onConnect,
    ...settings,
  });
}
