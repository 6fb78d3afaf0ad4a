// Tells a database that is away from a mistake in a statement.
import { CausewayError } from "#adapters/protocol/error.ts";

const SOCKET = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOENT", "ETIMEDOUT"]);
/** PostgreSQL error classes 08 (connection), 53 (resources), 57 (operator intervention), 58 (system). */
const AWAY = /^(08|53|57|58)[0-9A-Z]{3}$/;
const LOST = /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** STORE_UNAVAILABLE for what node-postgres says when the server is not there; anything else as it is. */
export function storeOutage(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof CausewayError) return error;
  const { code } = error as { code?: unknown };
  const away = typeof code === "string" && (SOCKET.has(code) || AWAY.test(code));
  if (!away && !LOST.test(error.message)) return error;
  return new CausewayError("STORE_UNAVAILABLE", `the database does not answer: ${error.message}`, { cause: error });
}
