// How people name a light client: `chain/client`, e.g. "eip155:1/beacon-0".
import { isClientId } from "#adapters/protocol/client-id.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { End } from "#relayer/routes.ts";

const CHAIN = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/;

export const formatEnd = ({ chain, client }: End): string => `${chain}/${client}`;

/** Throws INVALID_ARGUMENT. */
export function parseEnd(value: string): End {
  const [chain = "", client = "", ...rest] = value.split("/");
  if (CHAIN.test(chain) && isClientId(client) && rest.length === 0) return { chain, client };
  throw new CausewayError("INVALID_ARGUMENT", `"${value}" does not name a light client`, {
    hint: "name it by the chain that hosts it: chain/client, for example eip155:1/beacon-0",
  });
}
