// The one list of kinds of light clients that EVM chains host.
import { CausewayError } from "#adapters/protocol/error.ts";
import { beacon } from "./beacon.ts";
import { comet } from "./comet.ts";
import type { HostedKind } from "./hosted-kind.ts";

const kinds: ReadonlyMap<string, HostedKind> = new Map([beacon, comet].map((kind) => [kind.clientType, kind]));

/** Of a light client, existing or to be created. Throws UNSUPPORTED. */
export function kindOf(clientType: string): HostedKind {
  const kind = kinds.get(clientType);
  if (kind !== undefined) return kind;
  throw new CausewayError("UNSUPPORTED", `a light client of type ${clientType} is nothing that this chain hosts`, {
    hint: `it hosts: ${[...kinds.keys()].join(", ")}`,
    context: { clientType },
  });
}
