// Finds the packet that an id names: a packet id, a message id, or a transaction on whichever chain.
import type { Pool } from "pg";
import type { ChainId } from "#adapters/chain-id.ts";
import type { ChainLookup, FoundTransaction } from "#adapters/lookup.ts";
import { messageId } from "#adapters/protocol/message-id.ts";
import { packetsOfTransaction } from "#relayer/read/packet-filter.ts";
import { spellingsOf } from "#relayer/read/transaction-spellings.ts";
import type { TraceFacts } from "#sdk/trace/facts.ts";
import type { Asking } from "./asking.ts";
import { idOf, nameOf, nameOfEvent } from "./name.ts";
import type { Name } from "./name.ts";
import { readCursors } from "./tables.ts";
import type { TraceWorld } from "./world.ts";

export interface Located {
  readonly name: Name | undefined;
  /** Ids of other packets that the same id stands for. */
  readonly others: readonly string[];
  readonly transaction: TraceFacts["transaction"];
}

const located = (names: readonly Name[], transaction: Located["transaction"] = null): Located => {
  const [name, ...others] = names;
  const ids = new Set(others.map(idOf));
  if (name !== undefined) ids.delete(idOf(name));
  return { name, others: [...ids], transaction };
};

const HASH = /^(?:0x)?([0-9a-fA-F]{64})$/;

export async function locate(world: TraceWorld, asking: Asking, id: string): Promise<Located> {
  const name = nameOf(id);
  if (name !== undefined) return located([name]);
  const known = world.tables === undefined ? [] : await knownAs(world.tables, id);
  if (known.length > 0) return located(known);
  const transaction = await findTransaction(world, asking, id);
  if (transaction !== undefined) return transaction;
  const digits = HASH.exec(id)?.[1]?.toLowerCase();
  const named = digits === undefined ? undefined : await findMessage(world, asking, digits);
  return located(named === undefined ? [] : [named]);
}

/** Most packets that one transaction names. */
const MOST = 50;

async function knownAs(pool: Pool, id: string): Promise<Name[]> {
  const digits = HASH.exec(id)?.[1]?.toLowerCase();
  const { rows } = await pool.query<Name>(
    `select source_chain as "sourceChain", source_client as "sourceClient", sequence from packets
     where id in (select id from packets where message_id = $1
       union ${packetsOfTransaction("$2")}) order by id limit ${MOST}`,
    [digits ?? "", spellingsOf(id)],
  );
  return rows;
}

async function findTransaction(world: TraceWorld, asking: Asking, id: string): Promise<Located | undefined> {
  const answers = await Promise.all(
    world.chains.map(async ({ chainId }) => {
      const found = await asking.ask(chainId, "chain", ({ lookup }) => lookup.transaction(id, asking.signal));
      return found === undefined ? [] : [{ chainId, found }];
    }),
  );
  // A transaction that is included says more than one that waits.
  const [best] = answers.flat().toSorted((left, right) => rank(left.found) - rank(right.found));
  if (best === undefined) return undefined;
  const { chainId, found } = best;
  const names = found.events.flatMap((event) => nameOfEvent(world.routes, chainId, event) ?? []);
  return located(names, {
    id: found.id,
    chain: chainId,
    status: found.status,
    height: found.place?.height.toString() ?? null,
    timestamp: found.place === undefined ? null : Number(found.place.timestamp),
    foreignClient: names.length > 0 ? null : (found.events[0]?.clientId ?? null),
  });
}

const rank = ({ status, events }: FoundTransaction): number => (status === "waiting" ? 2 : events.length > 0 ? 0 : 1);

/**
 * Nothing indexes message ids on a chain: the packets of the configured light clients are gone through, newest first, while there is time. What a
 * relayer has read is in its tables, and was looked for there.
 */
async function findMessage(world: TraceWorld, asking: Asking, digits: string): Promise<Name | undefined> {
  const cursors = world.tables === undefined ? undefined : await readCursors(world.tables);
  const found = await Promise.all(
    world.routes.lanes.map(({ target: { chain, client } }) =>
      asking.ask(chain, "history", ({ lookup }) =>
        search(lookup, asking.signal, { chain, client, digits, downTo: BigInt(cursors?.get(chain)?.height ?? 0) }),
      ),
    ),
  );
  return found.find((name) => name !== undefined);
}

interface Wanted {
  readonly chain: ChainId;
  readonly client: string;
  readonly digits: string;
  readonly downTo: bigint;
}

async function search(
  lookup: ChainLookup,
  signal: AbortSignal,
  { chain, client, digits, downTo }: Wanted,
): Promise<Name | undefined> {
  for await (const { events, from } of lookup.events({ clientId: client }, signal)) {
    for (const event of events)
      if (event.kind === "sent" && messageId(chain, event.packet) === digits)
        return { sourceChain: chain, sourceClient: client, sequence: event.sequence };
    if (from <= downTo) return undefined;
  }
  return undefined;
}
