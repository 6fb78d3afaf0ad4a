// Appends to the proof log: entries that arrive together are written in one transaction, by one process at a time.
import { createHash } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { LogHead } from "#sdk/evidence/checkpoint.ts";
import { encodeEntry, evidenceOf } from "#sdk/evidence/log-entry.ts";
import type { LogEntry, NewLogEntry } from "#sdk/evidence/log-entry.ts";
import { lockHead } from "./lock-head.ts";
import type { NoteSigner } from "./note-signer.ts";
import { packetRows } from "./packet-rows.ts";
import type { LogWriter } from "./proof-log.ts";
import { readNodes } from "./read-nodes.ts";
import { signCheckpoint } from "./sign-checkpoint.ts";
import { inStore } from "./store-error.ts";
import { appendLeaves, leafHash, rootHash, rootNodes } from "#sdk/evidence/tree.ts";

/** Bounds of one transaction. */
const MAX_GROUP = 1024;
const MAX_GROUP_BYTES = 32 << 20;

interface Pending {
  readonly entry: LogEntry;
  readonly body: Uint8Array;
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  readonly bytes: number;
  resolve(result: { readonly index: bigint }): void;
  reject(error: unknown): void;
}

export interface WriterOptions {
  readonly pool: Pool;
  /** Absent on a machine that does not hold the log's key: it appends and leaves the signing to the one that does. */
  readonly signer: NoteSigner | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Called after each transaction, before the appends return. */
  onHead(head: LogHead): Promise<void>;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export function openWriter(options: WriterOptions): LogWriter & { close(): Promise<void> } {
  const pending: Pending[] = [];
  let closed = false;
  let writing: Promise<void> | undefined;

  const takeGroup = (): Pending[] => {
    let bytes = 0;
    const end = pending.findIndex((one, index) => {
      bytes += one.bytes;
      return index === MAX_GROUP || (index > 0 && bytes > MAX_GROUP_BYTES);
    });
    return pending.splice(0, end === -1 ? pending.length : end);
  };

  const writeAll = async (): Promise<void> => {
    while (pending.length > 0) {
      const group = takeGroup();
      try {
        await inStore("be written", () => writeGroup(options, group));
      } catch (error) {
        for (const one of group) one.reject(error);
      }
    }
    writing = undefined;
  };

  return {
    async append(entry: NewLogEntry, blobs: readonly Uint8Array[] = []) {
      if (closed) throw new CausewayError("CANCELLED", "the proof log is closed");
      const stamped: LogEntry = { ...entry, time: new Date(options.now()).toISOString() };
      const body = encodeEntry(stamped);
      const bytes = body.length + blobs.reduce((sum, blob) => sum + blob.length, 0);
      const byHash = new Map(blobs.map((blob) => [sha256(blob), blob]));
      return new Promise((resolve, reject) => {
        pending.push({ entry: stamped, body, blobs: byHash, bytes, resolve, reject });
        // Starting a turn later lets appends made together share the first transaction.
        writing ??= Promise.resolve().then(writeAll);
      });
    },
    async close() {
      closed = true;
      await writing;
    },
  };
}

async function writeGroup(options: WriterOptions, group: readonly Pending[]): Promise<void> {
  const session = await options.pool.connect();
  let broken: Error | undefined;
  try {
    await session.query("begin");
    const head = await lockHead(session);
    const complete = await refuseWithoutEvidence(session, group);
    const next = await insert(session, head, complete);
    const note = options.signer === undefined ? undefined : signCheckpoint(next, options.signer);
    await session.query(
      "update log_head set size = $1, root = $2, note = coalesce($3, note), note_size = case when $3::text is null then note_size else $1 end",
      [next.size, Buffer.from(next.root), note],
    );
    await session.query("commit");
    await options.onHead(next);
    for (const [offset, one] of complete.entries()) one.resolve({ index: head.size + BigInt(offset) });
  } catch (error) {
    broken = await session.query("rollback").then(
      () => undefined,
      (cause: Error) => cause,
    );
    throw error;
  } finally {
    session.release(broken);
  }
}

async function refuseWithoutEvidence(session: PoolClient, group: readonly Pending[]): Promise<Pending[]> {
  const missing = (one: Pending): string[] => evidenceOf(one.entry).filter((hash) => !one.blobs.has(hash));
  const wanted = [...new Set(group.flatMap(missing))];
  const kept = new Set(group.flatMap((one) => [...one.blobs.keys()]));
  const unknown = wanted.filter((hash) => !kept.has(hash));
  if (unknown.length > 0) {
    const { rows } = await session.query<{ hash: string }>(
      "select encode(hash, 'hex') as hash from log_blobs where hash = any($1)",
      [unknown.map((hash) => Buffer.from(hash, "hex"))],
    );
    for (const { hash } of rows) kept.add(hash);
  }
  return group.filter((one) => {
    const lost = missing(one).find((hash) => !kept.has(hash));
    if (lost === undefined) return true;
    one.reject(
      new CausewayError("INVALID_ARGUMENT", `a proof log entry refers to evidence that was not given: ${lost}`),
    );
    return false;
  });
}

async function insert(session: PoolClient, head: LogHead, group: readonly Pending[]): Promise<LogHead> {
  const read = await readNodes(session, rootNodes(head.size));
  if (Buffer.compare(rootHash(head.size, read), head.root) !== 0)
    throw new CausewayError("LOG_INCONSISTENT", `the proof log's root does not match its tree at size ${head.size}`);
  const leaves = group.map((one) => leafHash(one.body));
  const { nodes, root } = appendLeaves(head.size, leaves, read);
  const indices = group.map((_, offset) => head.size + BigInt(offset));
  await session.query(
    "insert into log_entries (index, leaf, body) select * from unnest($1::bigint[], $2::bytea[], $3::bytea[])",
    [indices.map(String), leaves.map((leaf) => Buffer.from(leaf)), group.map((one) => Buffer.from(one.body))],
  );
  await session.query(
    "insert into log_nodes (level, position, hash) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])",
    [
      nodes.map((node) => node.level),
      nodes.map((node) => String(node.position)),
      nodes.map((node) => Buffer.from(node.hash)),
    ],
  );
  const blobs = new Map(group.flatMap((one) => [...one.blobs]));
  if (blobs.size > 0)
    await session.query(
      "insert into log_blobs (hash, body) select * from unnest($1::bytea[], $2::bytea[]) on conflict do nothing",
      [[...blobs.keys()].map((hash) => Buffer.from(hash, "hex")), [...blobs.values()].map((blob) => Buffer.from(blob))],
    );
  const packets = group.flatMap(({ entry }, offset) => packetRows(entry, head.size + BigInt(offset)));
  if (packets.length > 0)
    await session.query(
      `insert into log_packets (source_chain, source_client, sequence, index)
       select distinct * from unnest($1::text[], $2::text[], $3::numeric[], $4::bigint[])`,
      [0, 1, 2, 3].map((column) => packets.map((row) => row[column])),
    );
  return { size: head.size + BigInt(group.length), root };
}
