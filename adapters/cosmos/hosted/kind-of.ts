// The kinds of light clients that an ibc-go chain hosts.
import { CausewayError } from "#adapters/protocol/error.ts";
import { beaconKind } from "./beacon-kind.ts";
import { cometKind } from "./comet-kind.ts";
import type { HostedKind } from "./hosted-kind.ts";

const kinds: ReadonlyMap<string, HostedKind> = new Map([
  ["cometbft", cometKind],
  ["beacon", beaconKind],
]);

/** Throws UNSUPPORTED for a type of light client that no ibc-go chain hosts. */
export function kindOf(clientType: string): HostedKind {
  const kind = kinds.get(clientType);
  if (kind !== undefined) return kind;
  throw new CausewayError("UNSUPPORTED", `a light client of type ${clientType} is nothing that this chain hosts`, {
    hint: `it hosts: ${[...kinds.keys()].join(", ")}`,
    context: { clientType },
  });
}
