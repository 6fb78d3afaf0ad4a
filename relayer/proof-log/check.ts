// Recomputes the whole log from its entries and names everything that does not fit.
import type { Pool, PoolClient } from "pg";
import { openCheckpoint } from "#sdk/evidence/checkpoint.ts";
import { decodeEntry, evidenceOf } from "#sdk/evidence/log-entry.ts";
import type { LogEntry } from "#sdk/evidence/log-entry.ts";
import { packetRows } from "./packet-rows.ts";
import type { LogCheck } from "./proof-log.ts";
import { appendLeaves, EMPTY_ROOT, leafHash, rootNodes } from "#sdk/evidence/tree.ts";
import type { NewNode } from "#sdk/evidence/tree.ts";

const PAGE = 1000n;
/** Enough to see what happened; a damaged log could name one for every entry. */
const MAX_PROBLEMS = 100;

interface HeadRow {
  readonly size: bigint;
  readonly root: Buffer;
  readonly key: string | null;
  readonly note: string | null;
}

interface EntryRow {
  readonly index: bigint;
  readonly leaf: Buffer;
  readonly body: Buffer;
}

const equal = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/** One look at one state of the database, however much is appended meanwhile. */
export async function checkLog(pool: Pool): Promise<LogCheck> {
  const session = await pool.connect();
  try {
    await session.query("begin isolation level repeatable read read only");
    const result = await checkSnapshot(session);
    await session.query("commit");
    session.release();
    return result;
  } catch (error) {
    session.release(true);
    throw error;
  }
}

async function checkSnapshot(session: PoolClient): Promise<LogCheck> {
  const problems: string[] = [];
  const head = (await session.query<HeadRow>("select size, root, key, note from log_head")).rows[0];
  if (head === undefined) return { size: 0n, root: EMPTY_ROOT, problems: ["the log has lost its head"] };
  const signed = signedHead(head, problems);

  let [size, root, nodeCount] = [0n, EMPTY_ROOT, 0n];
  let edge = new Map<string, Uint8Array>();
  while (size < head.size && problems.length < MAX_PROBLEMS) {
    const bound = signed !== undefined && size < signed.size && signed.size - size < PAGE ? signed.size - size : PAGE;
    const { rows } = await session.query<EntryRow>(
      "select index, leaf, body from log_entries where index >= $1 and index < $2 order by index limit $3",
      [size, head.size, bound],
    );
    const gap = rows.findIndex((row, offset) => row.index !== size + BigInt(offset));
    if (rows.length === 0 || gap !== -1) {
      problems.push(`entry ${size + BigInt(Math.max(gap, 0))} is missing`);
      break;
    }
    const leaves = rows.map((row) => leafHash(row.body));
    const grown = appendLeaves(size, leaves, ({ level, position }) => edge.get(`${level}/${position}`) ?? EMPTY_ROOT);
    problems.push(...(await pageProblems(session, rows, leaves, grown.nodes)));
    const known = new Map(edge);
    for (const [offset, leaf] of leaves.entries()) known.set(`0/${size + BigInt(offset)}`, leaf);
    for (const node of grown.nodes) known.set(`${node.level}/${node.position}`, node.hash);
    size += BigInt(rows.length);
    edge = new Map(
      rootNodes(size).map(({ level, position }) => {
        const id = `${level}/${position}`;
        return [id, known.get(id) ?? EMPTY_ROOT];
      }),
    );
    root = grown.root;
    nodeCount += BigInt(grown.nodes.length);
    if (signed !== undefined && size === signed.size && !equal(root, signed.root))
      problems.push(`the signed checkpoint has another root than the entries give at size ${size}`);
  }
  if (size === head.size && !equal(root, head.root))
    problems.push(`the head has another root than the entries give at size ${size}`);
  if (size === head.size) problems.push(...(await leftovers(session, size, nodeCount)));
  problems.push(...(await brokenBlobs(session)));
  return { size, root, problems: problems.slice(0, MAX_PROBLEMS) };
}

function signedHead(head: HeadRow, problems: string[]): { size: bigint; root: Uint8Array } | undefined {
  if (head.note === null) return undefined;
  const opened = openCheckpoint(head.note, head.key ?? "");
  if (!("problem" in opened)) return opened;
  problems.push(`the signed checkpoint is refused: ${opened.problem}`);
  return undefined;
}

async function pageProblems(
  session: PoolClient,
  rows: readonly EntryRow[],
  leaves: readonly Uint8Array[],
  nodes: readonly NewNode[],
): Promise<string[]> {
  const problems: string[] = [];
  const entries: { readonly index: bigint; readonly entry: LogEntry }[] = [];
  for (const [offset, row] of rows.entries()) {
    const leaf = leaves[offset];
    if (leaf === undefined || !equal(leaf, row.leaf)) problems.push(`the leaf of entry ${row.index} is not its hash`);
    const entry = decodeEntry(row.body);
    if (entry === undefined) problems.push(`entry ${row.index} is not a canonical entry`);
    else entries.push({ index: row.index, entry });
  }
  return [
    ...problems,
    ...(await nodeProblems(session, nodes)),
    ...(await missingBlobs(session, entries)),
    ...(await indexProblems(session, rows, entries)),
  ];
}

async function nodeProblems(session: PoolClient, nodes: readonly NewNode[]): Promise<string[]> {
  const { rows } = await session.query<{ level: number; position: bigint }>(
    `select wanted.level, wanted.position
     from unnest($1::smallint[], $2::bigint[], $3::bytea[]) as wanted(level, position, hash)
     left join log_nodes stored using (level, position)
     where stored.hash is distinct from wanted.hash`,
    [
      nodes.map(({ level }) => level),
      nodes.map(({ position }) => position.toString()),
      nodes.map(({ hash }) => Buffer.from(hash)),
    ],
  );
  return rows.map(({ level, position }) => `tree node ${level}/${position} is missing or wrong`);
}

async function missingBlobs(
  session: PoolClient,
  entries: readonly { readonly index: bigint; readonly entry: LogEntry }[],
): Promise<string[]> {
  const wanted = entries.flatMap(({ index, entry }) => evidenceOf(entry).map((hash) => ({ index, hash })));
  const { rows } = await session.query<{ index: bigint; hash: string }>(
    `select wanted.index, wanted.hash from unnest($1::bigint[], $2::text[]) as wanted(index, hash)
     where not exists (select from log_blobs where log_blobs.hash = decode(wanted.hash, 'hex'))`,
    [wanted.map(({ index }) => index.toString()), wanted.map(({ hash }) => hash)],
  );
  return rows.map(({ index, hash }) => `the evidence ${hash} of entry ${index} is missing`);
}

async function indexProblems(
  session: PoolClient,
  page: readonly EntryRow[],
  entries: readonly { readonly index: bigint; readonly entry: LogEntry }[],
): Promise<string[]> {
  const expected = new Set(entries.flatMap(({ index, entry }) => packetRows(entry, index)).map((row) => row.join(" ")));
  const { rows } = await session.query<{ row: string; index: bigint }>(
    `select concat_ws(' ', source_chain, source_client, sequence, index) as row, index
     from log_packets where index >= $1 and index <= $2`,
    [page[0]?.index, page.at(-1)?.index],
  );
  const stored = new Set(rows.map(({ row }) => row));
  return [
    ...[...expected].filter((row) => !stored.has(row)).map((row) => `the packet index lacks "${row}"`),
    ...[...stored]
      .filter((row) => !expected.has(row))
      .map((row) => `the packet index has "${row}", which no entry says`),
  ];
}

async function leftovers(session: PoolClient, size: bigint, nodeCount: bigint): Promise<string[]> {
  const { rows } = await session.query<{ entries: bigint; nodes: bigint }>(
    "select (select count(*) from log_entries) as entries, (select count(*) from log_nodes) as nodes",
  );
  const [count] = rows;
  if (count === undefined) return [];
  return [
    ...(count.entries === size ? [] : [`there are ${count.entries} entries, the head counts ${size}`]),
    ...(count.nodes === nodeCount ? [] : [`there are ${count.nodes} tree nodes where the entries give ${nodeCount}`]),
  ];
}

async function brokenBlobs(session: PoolClient): Promise<string[]> {
  const { rows } = await session.query<{ hash: string }>(
    "select encode(hash, 'hex') as hash from log_blobs where hash <> sha256(body) limit $1",
    [MAX_PROBLEMS],
  );
  return rows.map(({ hash }) => `the evidence ${hash} was altered`);
}
