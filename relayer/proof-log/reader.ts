// Reads entries, evidence, proofs and checkpoints from the proof log.
import type { Pool } from "pg";
import { CausewayError } from "#adapters/protocol/error.ts";
import { openCheckpoint } from "#sdk/evidence/checkpoint.ts";
import type { LogHead } from "#sdk/evidence/checkpoint.ts";
import { decodeEntry } from "#sdk/evidence/log-entry.ts";
import type { PacketName } from "#sdk/evidence/log-entry.ts";
import { lockHead } from "./lock-head.ts";
import type { NoteSigner } from "./note-signer.ts";
import type { Checkpoint, LogReader, StoredEntry } from "./proof-log.ts";
import { readNodes } from "./read-nodes.ts";
import { signCheckpoint } from "./sign-checkpoint.ts";
import { inStore } from "./store-error.ts";
import { consistencyNodes, consistencyProof, inclusionNodes, inclusionProof } from "#sdk/evidence/tree.ts";

interface EntryRow {
  readonly index: bigint;
  readonly body: Buffer;
}

export function openReader(pool: Pool, signer: NoteSigner | undefined): Omit<LogReader, "check"> {
  const head = async (): Promise<LogHead> => {
    const { rows } = await pool.query<{ size: bigint; root: Buffer }>("select size, root from log_head");
    if (rows[0] === undefined) throw new CausewayError("LOG_INCONSISTENT", "the proof log has lost its head");
    return rows[0];
  };

  const requireSize = async (size: bigint): Promise<void> => {
    const current = await head();
    if (size > current.size)
      throw new CausewayError("INVALID_ARGUMENT", `the proof log has ${current.size} entries, not ${size}`);
  };

  return {
    head: () => inStore("be read", head),
    checkpoint: () => inStore("be read", () => readCheckpoint(pool, signer)),
    inclusion: (index, size) =>
      inStore("be read", async () => {
        if (index < 0n || index >= size)
          throw new CausewayError("INVALID_ARGUMENT", `entry ${index} is not in a log of ${size} entries`);
        await requireSize(size);
        return inclusionProof(index, size, await readNodes(pool, inclusionNodes(index, size)));
      }),
    consistency: (from, to) =>
      inStore("be read", async () => {
        if (from < 1n || from > to)
          throw new CausewayError("INVALID_ARGUMENT", `no consistency proof leads from size ${from} to size ${to}`);
        await requireSize(to);
        return consistencyProof(from, to, await readNodes(pool, consistencyNodes(from, to)));
      }),
    entry: (index) =>
      inStore("be read", async () => {
        const { rows } = await pool.query<EntryRow>("select index, body from log_entries where index = $1", [index]);
        return rows[0] === undefined ? undefined : storedEntry(rows[0]);
      }),
    entries: (start, end) =>
      inStore("be read", async () => {
        const { rows } = await pool.query<EntryRow>(
          "select index, body from log_entries where index >= $1 and index < $2 order by index",
          [start, end],
        );
        return rows.map(storedEntry);
      }),
    entriesOf: (packet) => inStore("be read", () => readEntriesOf(pool, packet)),
    blob: (sha256) =>
      inStore("be read", async () => {
        const { rows } = await pool.query<{ body: Buffer }>(
          "select body from log_blobs where hash = decode($1, 'hex')",
          [sha256],
        );
        return rows[0]?.body;
      }),
  };
}

async function readEntriesOf(pool: Pool, packet: PacketName): Promise<StoredEntry[]> {
  const { rows } = await pool.query<EntryRow>(
    `select index, body from log_packets join log_entries using (index)
     where source_chain = $1 and source_client = $2 and sequence = $3 order by index`,
    [packet.sourceChain, packet.sourceClient, packet.sequence],
  );
  return rows.map(storedEntry);
}

function storedEntry({ index, body }: EntryRow): StoredEntry {
  const entry = decodeEntry(body);
  if (entry === undefined) throw new CausewayError("LOG_INCONSISTENT", `proof log entry ${index} was altered`);
  return { index, entry, bytes: body };
}

interface HeadRow extends LogHead {
  readonly key: string;
  readonly note: string | null;
  readonly note_size: bigint | null;
}

async function readCheckpoint(pool: Pool, signer: NoteSigner | undefined): Promise<Checkpoint> {
  const { rows } = await pool.query<HeadRow>("select size, root, key, note, note_size from log_head");
  const [row] = rows;
  if (row === undefined) throw new CausewayError("LOG_INCONSISTENT", "the proof log has lost its head");
  if (signer !== undefined && (row.note === null || row.note_size !== row.size)) return signHead(pool, signer);
  if (row.note === null)
    throw new CausewayError("UNSUPPORTED", "the proof log has not been signed yet", {
      hint: "start a relayer on the machine that holds the log's key",
    });
  const opened = openCheckpoint(row.note, row.key);
  if ("problem" in opened)
    throw new CausewayError("LOG_INCONSISTENT", `the stored checkpoint is refused: ${opened.problem}`);
  return { ...opened, note: row.note, key: row.key };
}

/** Signs what others appended. */
async function signHead(pool: Pool, signer: NoteSigner): Promise<Checkpoint> {
  const session = await pool.connect();
  try {
    await session.query("begin");
    const head = await lockHead(session);
    const note = signCheckpoint(head, signer);
    await session.query("update log_head set note = $1, note_size = $2", [note, head.size]);
    await session.query("commit");
    session.release();
    return { ...head, note, key: signer.verifierKey };
  } catch (error) {
    session.release(true);
    throw error;
  }
}
