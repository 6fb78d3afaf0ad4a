// A packet by where it was sent, and how that follows from an event on either chain.
import type { ChainId } from "#adapters/chain-id.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { Routes } from "#relayer/routes.ts";
import { formatPacketId, parsePacketId } from "#sdk/evidence/packet-id.ts";

export interface Name {
  readonly sourceChain: ChainId;
  readonly sourceClient: string;
  readonly sequence: bigint;
}

/** Undefined for text that is no packet id. */
export function nameOf(id: string): Name | undefined {
  try {
    const { sourceChain, sourceClient, sequence } = parsePacketId(id);
    return { sourceChain, sourceClient, sequence: BigInt(sequence) };
  } catch {
    return undefined;
  }
}

export const idOf = (name: Name): string => formatPacketId({ ...name, sequence: name.sequence.toString() });

/** Undefined for a packet received through a light client of no configured route: nobody says where it came from. */
export function nameOfEvent(
  routes: Routes,
  chain: ChainId,
  { kind, clientId, sequence }: PacketEvent,
): Name | undefined {
  if (kind === "sent" || kind === "acknowledged" || kind === "timedOut")
    return { sourceChain: chain, sourceClient: clientId, sequence };
  const source = routes.wayTo({ chain, client: clientId })?.source;
  return source && { sourceChain: source.chain, sourceClient: source.client, sequence };
}
