// Nothing is proven to, or sent through, a light client that accepts nothing.
import { CausewayError } from "./protocol/error.ts";
import type { TrustedClient } from "./trusted-client.ts";

/** Throws CLIENT_FROZEN, CLIENT_EXPIRED. */
export function requireActive({ status, clientId, height }: TrustedClient): void {
  if (status === "active") return;
  const code = status === "frozen" ? "CLIENT_FROZEN" : "CLIENT_EXPIRED";
  throw new CausewayError(code, `light client ${clientId} is ${status}`, { context: { clientId, height } });
}
