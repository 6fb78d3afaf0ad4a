// Gathers all that is known of one packet, from a relayer's tables and from the chains, into facts.
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { ChainId } from "#adapters/chain-id.ts";
import { messageId } from "#adapters/protocol/message-id.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import type { End, Way } from "#relayer/routes.ts";
import type { TraceFacts } from "#sdk/trace/facts.ts";
import type { Asking } from "./asking.ts";
import { readBothChains } from "./both-chains.ts";
import { readComplaints } from "./complaints.ts";
import { readLightClient } from "./light-client.ts";
import { idOf } from "./name.ts";
import type { Name } from "./name.ts";
import { readTables } from "./tables.ts";
import type { FromTables } from "./tables.ts";
import type { TraceWorld } from "./world.ts";

type OfPacket = Omit<TraceFacts, "id" | "now" | "told" | "asked" | "transaction" | "others" | "unread">;

const NOTHING: OfPacket = {
  packet: null,
  routed: false,
  events: [],
  holds: { receipt: null, commitment: null },
  acknowledgements: null,
  refusal: null,
  failure: null,
  timeoutFinalAt: null,
  chains: { source: null, destination: null },
  read: { source: null, destination: null },
  clients: { source: null, destination: null },
  lanes: { source: null, destination: null },
  deliveries: [],
};

export async function gather(world: TraceWorld, asking: Asking, name: Name | undefined): Promise<OfPacket> {
  if (name === undefined) return NOTHING;
  const way = world.routes.wayFrom({ chain: name.sourceChain, client: name.sourceClient });
  const tables = world.tables === undefined ? undefined : await readTables(world.tables, name, way);
  const { packet, ...shown } = await readBothChains(asking, name, way, tables);
  // Events alone, without what is in it, are enough to name a packet; a source that cannot be asked is not.
  if (packet === undefined && shown.events.length === 0) return NOTHING;
  const facts: OfPacket = {
    ...NOTHING,
    ...shown,
    packet: packetFacts(name, way, packet),
    routed: way !== undefined && (packet === undefined || packet.destinationClient === way.destination.client),
    read: tables?.read ?? NOTHING.read,
    lanes: tables?.lanes ?? NOTHING.lanes,
    deliveries: tables?.deliveries ?? [],
  };
  if (way === undefined || packet === undefined) return facts;
  const isEnded = facts.events.some(({ kind }) => kind === "acknowledged" || kind === "timedOut");
  const [clients, complaints, timeoutFinalAt] = await Promise.all([
    isEnded ? NOTHING.clients : readClients(asking, way, tables),
    readComplaints(asking, {
      packet,
      source: way.source.chain,
      destination: way.destination.chain,
      events: facts.events,
      acknowledgements: facts.acknowledgements?.map(hexToBytes),
      deliveries: facts.deliveries,
      told: tables === undefined ? "chains" : "relayer",
      isOver: BigInt(facts.chains.destination?.timestamp ?? 0) >= packet.timeoutTimestamp,
    }),
    isEnded || facts.holds.receipt === true ? null : timeoutFinality(asking, way.destination.chain, packet),
  ]);
  return { ...facts, clients, ...complaints, timeoutFinalAt };
}

const packetFacts = (name: Name, way: Way | undefined, packet: Packet | undefined): OfPacket["packet"] => ({
  id: idOf(name),
  messageId: packet === undefined ? null : messageId(name.sourceChain, packet),
  sourceChain: name.sourceChain,
  sourceClient: name.sourceClient,
  sequence: name.sequence.toString(),
  destinationChain: way?.destination.chain ?? null,
  destinationClient: packet?.destinationClient ?? way?.destination.client ?? null,
  timeoutTimestamp: packet?.timeoutTimestamp.toString() ?? null,
  payloads: packet?.payloads.map((payload) => ({ ...payload, value: bytesToHex(payload.value) })) ?? null,
});

async function readClients(
  asking: Asking,
  { source, destination }: Way,
  tables: FromTables | undefined,
): Promise<OfPacket["clients"]> {
  const lastRead = ({ chain, client }: End) => tables?.clients.get(`${chain}/${client}`);
  const [onSource, onDestination] = await Promise.all([
    readLightClient(asking, source, destination.chain, lastRead(source)),
    readLightClient(asking, destination, source.chain, lastRead(destination)),
  ]);
  return { source: onSource, destination: onDestination };
}

async function timeoutFinality(asking: Asking, chain: ChainId, { timeoutTimestamp }: Packet): Promise<number | null> {
  const at = await asking.ask(chain, "chain", ({ lookup }) => lookup.finalAt(timeoutTimestamp, asking.signal));
  return at === undefined ? null : Number(at);
}
