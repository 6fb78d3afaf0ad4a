// One packet's events on the chains, read only as far as they are not known and the chains' state says that there are any.
import type { ChainId } from "#adapters/chain-id.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import type { End } from "#relayer/routes.ts";
import type { Asking } from "./asking.ts";
import type { Name } from "./name.ts";

type Kind = PacketEvent["kind"];

/** By the tables; of a packet that only the chains know: nothing. */
export interface Known {
  readonly packet: Packet | undefined;
  readonly kinds: ReadonlySet<Kind>;
  /** Unix seconds; zero when unknown. */
  readonly sentAt: bigint;
  /** What the source showed up to this height is in the tables; zero without any. */
  readonly readTo: bigint;
}

export interface AtSource {
  readonly packet: Packet | undefined;
  readonly events: readonly PacketEvent[];
  /** Whether the head holds the packet's commitment; null when nobody says. */
  readonly commitment: boolean | null;
}

/** Without a known packet its sending is looked for: as far as tables do not reach, or through all of the chain's history. */
export async function readSource(asking: Asking, name: Name, known: Known): Promise<AtSource> {
  const { sourceChain: chain, sourceClient: clientId, sequence } = name;
  if (known.packet === undefined) {
    // A stranger's guess is not worth the chain's whole history; a packet that the chain holds is, when its event was left out before.
    const downTo = known.readTo > 0n && (await isOutstanding(asking, name)) ? 0n : known.readTo;
    const events = await collect(asking, "chain", { chain, clientId, sequence, until: ["sent"], since: 0n, downTo });
    const sent = events.find((event) => event.kind === "sent");
    return { packet: sent?.packet, events, commitment: sent === undefined ? null : !events.some(isEnd) };
  }
  const { packet } = known;
  // Nothing happens to a packet after its end.
  if (known.kinds.has("acknowledged") || known.kinds.has("timedOut")) return { packet, events: [], commitment: false };
  const [standing] =
    (await asking.ask(chain, "chain", ({ target }) => target.standing([{ kind: "acknowledge", packet }]))) ?? [];
  if (standing !== "done") return { packet, events: [], commitment: standing === undefined ? null : true };
  const until: Kind[] = ["acknowledged", "timedOut"];
  const events = await collect(asking, "events", { chain, clientId, sequence, until, since: known.sentAt });
  return { packet, events, commitment: false };
}

export interface AtDestination {
  readonly events: readonly PacketEvent[];
  /** Whether the head holds the packet's receipt; null when nobody says. */
  readonly receipt: boolean | null;
}

export async function readDestination(
  asking: Asking,
  { chain, client: clientId }: End,
  packet: Packet,
  known: Known,
): Promise<AtDestination> {
  const [standing] =
    (await asking.ask(chain, "chain", ({ target }) => target.standing([{ kind: "receive", packet }]))) ?? [];
  if (standing !== "done") return { events: [], receipt: standing === undefined ? null : false };
  if (known.kinds.has("acknowledgementWritten")) return { events: [], receipt: true };
  const until: Kind[] = known.kinds.has("received")
    ? ["acknowledgementWritten"]
    : ["received", "acknowledgementWritten"];
  const { sequence } = packet;
  return {
    events: await collect(asking, "events", { chain, clientId, sequence, until, since: known.sentAt }),
    receipt: true,
  };
}

const isEnd = ({ kind }: PacketEvent): boolean => kind === "acknowledged" || kind === "timedOut";

/** Whether the head holds a commitment under this name: that path depends on no more of a packet. */
async function isOutstanding(asking: Asking, { sourceChain, sourceClient, sequence }: Name): Promise<boolean> {
  const packet = { sequence, sourceClient, destinationClient: "", timeoutTimestamp: 0n, payloads: [] };
  const [standing] =
    (await asking.ask(sourceChain, "chain", ({ target }) => target.standing([{ kind: "acknowledge", packet }]))) ?? [];
  return standing === "open";
}

/** Two chains' clocks may differ by so much. Seconds. */
const SKEW = 3_600n;

interface Wanted {
  readonly chain: ChainId;
  readonly clientId: string;
  readonly sequence: bigint;
  /** The search ends with one of these, */
  readonly until: readonly Kind[];
  /** or before this time (Unix seconds), */
  readonly since: bigint;
  /** or at this height. */
  readonly downTo?: bigint;
}

async function collect(
  asking: Asking,
  what: "chain" | "events",
  { chain, clientId, sequence, until, since, downTo = 0n }: Wanted,
): Promise<PacketEvent[]> {
  const found: PacketEvent[] = [];
  await asking.ask(chain, what, async ({ lookup }) => {
    for await (const { events, timestamp, from } of lookup.events({ clientId, sequence }, asking.signal)) {
      found.push(...events);
      if (found.some(({ kind }) => until.includes(kind)) || timestamp < since - SKEW || from <= downTo) return;
    }
  });
  return found;
}
