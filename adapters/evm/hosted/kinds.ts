// The one list of kinds of light clients that EVM chains host.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { NewClient, TrustedClient } from "#adapters/trusted-client.ts";
import { beacon } from "./beacon.ts";
import { comet } from "./comet.ts";
import type { HostedKind } from "./hosted-kind.ts";

/** By what the contract's `clientType()` says, which client ids begin with; they have eight characters at least. */
const kinds: ReadonlyMap<string, HostedKind> = new Map([
  ["beacon", beacon],
  ["cometbft", comet],
]);

/** Of a contract by its `clientType()`. Throws UNSUPPORTED. */
export function kindOfContract(contractType: string, clientId: string): HostedKind {
  const kind = kinds.get(contractType);
  if (kind !== undefined) return kind;
  throw new CausewayError("UNSUPPORTED", `light client ${clientId} is of type ${contractType}`, {
    context: { clientId },
  });
}

/** Of a light client, existing or to be created. Throws UNSUPPORTED. */
export function kindOf({ clientType }: TrustedClient | NewClient): HostedKind {
  for (const kind of kinds.values()) if (kind.clientType === clientType) return kind;
  throw new CausewayError("UNSUPPORTED", `EVM chains host no light client of type ${clientType}`);
}
