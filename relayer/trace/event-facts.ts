// Events as the chains show them, with whether they are final and whose transactions they came by.
import type { ChainId } from "#adapters/chain-id.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { ChainFacts, EventFacts } from "#sdk/trace/facts.ts";
import type { Asking } from "./asking.ts";
import type { FromTables } from "./tables.ts";

export interface Context {
  readonly asking: Asking;
  readonly chain: ChainId;
  /** Null when the chain did not say how far it is: then nothing counts as final. */
  readonly head: ChainFacts | null;
  /** Absent when no relayer tells. */
  readonly tables: Pick<FromTables, "isOurs"> | undefined;
}

export async function eventFacts(
  { asking, chain, head, tables }: Context,
  { kind, height, timestamp, transaction }: PacketEvent,
): Promise<EventFacts> {
  const final = head !== null && height <= BigInt(head.finalizedHeight);
  const finalAt = final
    ? undefined
    : await asking.ask(chain, "chain", ({ lookup }) => lookup.finalAt(timestamp, asking.signal));
  return {
    kind,
    chain,
    height: height.toString(),
    timestamp: Number(timestamp),
    transaction,
    final,
    finalAt: finalAt === undefined ? null : Number(finalAt),
    readAt: null,
    byUs: tables === undefined ? null : await tables.isOurs(transaction),
  };
}
