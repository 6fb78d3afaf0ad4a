// What an id that somebody typed names, whatever kind of id it is.
import type { Pool } from "pg";
import type { SearchResult } from "#sdk/api/views.ts";
import { packetsOfTransaction } from "./packet-filter.ts";
import { listPackets } from "./packets.ts";
import { spellingsOf } from "./transaction-spellings.ts";

type Hit = SearchResult["hits"][number];

/** Most packets that one answer names; the account's or transaction's own page has the rest. */
const PACKETS = 20;

const packetHit = (id: string): Hit => ({ kind: "packet", id, path: `/v1/packets/${id}` });
const packetHits = (rows: readonly { readonly id: string }[]): Hit[] => rows.map(({ id }) => packetHit(id));
const listOf = (what: string, id: string): string => `/v1/packets?${what}=${encodeURIComponent(id)}`;

const PACKET_NAME = `source_chain || '/' || source_client || '/' || sequence as id`;

async function byName(pool: Pool, id: string): Promise<Hit[]> {
  const [chain, client, sequence, ...rest] = id.split("/");
  if (sequence === undefined || rest.length > 0 || !/^[0-9]{1,20}$/.test(sequence)) return [];
  const { rows } = await pool.query<{ id: string }>(
    `select ${PACKET_NAME} from packets where source_chain = $1 and source_client = $2 and sequence = $3`,
    [chain, client, sequence],
  );
  return packetHits(rows);
}

async function byMessageId(pool: Pool, id: string): Promise<Hit[]> {
  const digits = /^(?:0x)?([0-9a-f]{64})$/.exec(id.toLowerCase())?.[1];
  if (digits === undefined) return [];
  const { rows } = await pool.query<{ id: string }>(`select ${PACKET_NAME} from packets where message_id = $1`, [
    digits,
  ]);
  return packetHits(rows);
}

async function byTransaction(pool: Pool, id: string): Promise<Hit[]> {
  const { rows } = await pool.query<{ transaction: string }>(
    `select transaction from packet_events where transaction = any($1)
     union select transaction from batches where transaction = any($1) limit 1`,
    [spellingsOf(id)],
  );
  const transaction = rows[0]?.transaction;
  if (transaction === undefined) return [];
  const found = await pool.query<{ id: string }>(
    `select ${PACKET_NAME} from packets where id in (${packetsOfTransaction("$1")}) order by packets.id desc limit ${PACKETS}`,
    [[transaction]],
  );
  return [
    { kind: "transaction", id: transaction, path: listOf("transaction", transaction) },
    ...packetHits(found.rows),
  ];
}

async function byPlace(pool: Pool, id: string): Promise<Hit[]> {
  const { rows } = await pool.query<{ id: string }>(
    "select id from lanes where id = $1 or client_id = $1 order by id limit 20",
    [id],
  );
  const chains = await pool.query<{ chain: string }>(
    `select chain from (select source_chain as chain from lanes union select target_chain from lanes
       union select chain from cursors) known where chain = $1`,
    [id],
  );
  return [
    ...rows.flatMap((lane): Hit[] => [
      { kind: "lane", id: lane.id, path: `/v1/lanes/${lane.id}` },
      { kind: "client", id: lane.id, path: `/v1/clients/${lane.id}` },
    ]),
    ...chains.rows.map(({ chain }): Hit => ({ kind: "chain", id: chain, path: `/v1/chains/${chain}` })),
  ];
}

async function byLogIndex(pool: Pool, id: string): Promise<Hit[]> {
  const index = /^#?(0|[1-9][0-9]{0,17})$/.exec(id)?.[1];
  if (index === undefined) return [];
  const { rowCount } = await pool.query("select from log_entries where index = $1", [index]);
  return rowCount === 1 ? [{ kind: "logEntry", id: index, path: `/v1/log/entries/${index}` }] : [];
}

async function byAccount(pool: Pool, id: string): Promise<Hit[]> {
  const { packets } = await listPackets(pool, { named: { account: id }, limit: PACKETS });
  return packets.length === 0 ? [] : [{ kind: "account", id, path: listOf("account", id) }, ...packetHits(packets)];
}

/** The most telling kind of id first. Nothing found is no statement about anything but this relayer's tables. */
export async function search(pool: Pool, query: string): Promise<SearchResult> {
  const id = query.trim();
  const kinds = [byName, byMessageId, byTransaction, byPlace, byLogIndex, byAccount];
  const hits = id === "" ? [] : (await Promise.all(kinds.map((kind) => kind(pool, id)))).flat();
  const seen = new Set<string>();
  const once = hits.filter(({ kind, id: found }) => {
    const name = `${kind} ${found}`;
    return !seen.has(name) && seen.add(name);
  });
  return { query, hits: once };
}
