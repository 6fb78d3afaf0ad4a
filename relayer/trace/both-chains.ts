// One packet as both chains show it now, beside what the tables had of it.
import { bytesToHex } from "@noble/hashes/utils.js";
import type { ChainId } from "#adapters/chain-id.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import type { Way } from "#relayer/routes.ts";
import type { ChainFacts, EventFacts, TraceFacts } from "#sdk/trace/facts.ts";
import type { Asking } from "./asking.ts";
import { readDestination, readSource } from "./chain-events.ts";
import type { AtDestination, Known } from "./chain-events.ts";
import { eventFacts } from "./event-facts.ts";
import type { Name } from "./name.ts";
import type { FromTables } from "./tables.ts";

export interface BothChains extends Pick<TraceFacts, "chains" | "holds" | "acknowledgements"> {
  readonly packet: Packet | undefined;
  /** The tables' and the chains', each kind once. */
  readonly events: EventFacts[];
}

export async function readBothChains(
  asking: Asking,
  name: Name,
  way: Way | undefined,
  tables: FromTables | undefined,
): Promise<BothChains> {
  const [source, destination] = await Promise.all([
    readHead(asking, name.sourceChain),
    way === undefined ? null : readHead(asking, way.destination.chain),
  ]);
  const known = knownBy(tables);
  const { packet, events: sourceEvents, commitment } = await readSource(asking, name, known);
  if (packet === undefined && way === undefined && known.readTo > 0n)
    asking.note({ chain: name.sourceChain, what: "history", why: `blocks up to ${known.readTo} were left out` });
  const sentAt = sourceEvents.find(({ kind }) => kind === "sent")?.timestamp ?? known.sentAt;
  const { events: destinationEvents, receipt }: AtDestination =
    way === undefined || packet === undefined || known.kinds.has("acknowledged") || known.kinds.has("timedOut")
      ? { events: [], receipt: null }
      : await readDestination(asking, way.destination, packet, { ...known, sentAt });
  const factsOf = (chain: ChainId, head: ChainFacts | null, events: readonly PacketEvent[]) =>
    newTo(known, events).map((event) => eventFacts({ asking, chain, head, tables }, event));
  const events = await Promise.all([
    ...factsOf(name.sourceChain, source, sourceEvents),
    ...factsOf(way?.destination.chain ?? "", destination, destinationEvents),
  ]);
  return {
    packet,
    events: [...(tables?.events ?? []), ...events],
    chains: { source, destination },
    holds: { receipt, commitment },
    acknowledgements: tables?.acknowledgements ?? answerIn(destinationEvents),
  };
}

async function readHead(asking: Asking, chain: ChainId): Promise<ChainFacts | null> {
  const head = await asking.ask(chain, "chain", ({ lookup }) => lookup.head(asking.signal));
  if (head === undefined) return null;
  return {
    chain,
    height: head.height.toString(),
    timestamp: Number(head.timestamp),
    finalizedHeight: head.finalizedHeight.toString(),
    finalizedTimestamp: Number(head.finalizedTimestamp),
  };
}

function knownBy(tables: FromTables | undefined): Known {
  const events = tables?.events ?? [];
  return {
    packet: tables?.packet,
    kinds: new Set(events.map(({ kind }) => kind)),
    sentAt: BigInt(events.find(({ kind }) => kind === "sent")?.timestamp ?? 0),
    readTo: BigInt(tables?.read.source?.height ?? 0),
  };
}

const newTo = ({ kinds }: Known, events: readonly PacketEvent[]): PacketEvent[] =>
  events.filter(({ kind }, index) => !kinds.has(kind) && events.findIndex((other) => other.kind === kind) === index);

function answerIn(events: readonly PacketEvent[]): string[] | null {
  const answer = events.find((event) => event.kind === "acknowledgementWritten");
  return answer?.acknowledgements.map((bytes) => bytesToHex(bytes)) ?? null;
}
