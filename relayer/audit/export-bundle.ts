// Gathers one packet's audit bundle from the database.
import type { Pool } from "pg";
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import { evidenceOf } from "#sdk/evidence/log-entry.ts";
import type { PacketName } from "#sdk/evidence/log-entry.ts";
import type { LogReader, StoredEntry } from "#relayer/proof-log/proof-log.ts";
import { encodeBundle } from "#sdk/evidence/bundle.ts";
import type { NewBundle } from "#sdk/evidence/bundle.ts";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** The bundle file's bytes. Throws INVALID_ARGUMENT for a packet that this relayer does not know or has logged nothing about. */
export async function exportBundle(pool: Pool, log: LogReader, name: PacketName): Promise<Uint8Array> {
  const stored = await findPacket(pool, name);
  // The checkpoint comes first: what is logged after it is not in its tree.
  const checkpoint = await log.checkpoint();
  const entries = (await log.entriesOf(name)).filter(({ index }) => index < checkpoint.size);
  if (entries.length === 0)
    throw new CausewayError("INVALID_ARGUMENT", `nothing is logged about packet ${formatPacketId(name)} yet`, {
      hint: "export it again once it was proven: `causeway status` shows where it stands",
    });
  const acknowledged = entries.some(
    ({ entry }) => entry.kind !== "control" && legsOf(entry, name).includes("acknowledge"),
  );
  const { acknowledgements, ...packet } = stored;
  return encodeBundle({
    ...packet,
    ...(acknowledged && acknowledgements !== null ? { acknowledgements: acknowledgements.map(base64) } : {}),
    entries: await Promise.all(
      entries.map(async ({ index, bytes }) => ({
        index: index.toString(),
        entry: Buffer.from(bytes).toString(),
        proof: (await log.inclusion(index, checkpoint.size)).map(base64),
      })),
    ),
    evidence: await evidence(log, entries),
    checkpoint: checkpoint.note,
    logKey: checkpoint.key,
  });
}

function legsOf(entry: Exclude<StoredEntry["entry"], { kind: "control" }>, name: PacketName): string[] {
  return entry.messages
    .filter((message) => formatPacketId(message) === formatPacketId(name))
    .map((message) => message.leg);
}

type Found = Pick<NewBundle, "sourceChain" | "destinationChain" | "packet"> & {
  readonly acknowledgements: readonly Uint8Array[] | null;
};

async function findPacket(pool: Pool, name: PacketName): Promise<Found> {
  const { rows } = await pool.query<{ bytes: Buffer; destination_chain: string; acknowledgements: Buffer[] | null }>(
    `select bytes, destination_chain, acknowledgements from packets
     where source_chain = $1 and source_client = $2 and sequence = $3 and bytes is not null`,
    [name.sourceChain, name.sourceClient, name.sequence],
  );
  const [row] = rows;
  const packet = row === undefined ? undefined : decodePacket(row.bytes);
  if (row === undefined || packet === undefined)
    throw new CausewayError("INVALID_ARGUMENT", `packet ${formatPacketId(name)} is not known to this relayer`, {
      hint: "`causeway status` lists the packets it knows",
    });
  return {
    sourceChain: name.sourceChain,
    destinationChain: row.destination_chain,
    acknowledgements: row.acknowledgements,
    packet: {
      sequence: packet.sequence.toString(),
      sourceClient: packet.sourceClient,
      destinationClient: packet.destinationClient,
      timeoutTimestamp: packet.timeoutTimestamp.toString(),
      payloads: packet.payloads.map((payload) => ({ ...payload, value: base64(payload.value) })),
    },
  };
}

async function evidence(log: LogReader, entries: readonly StoredEntry[]): Promise<Record<string, string>> {
  const hashes = [...new Set(entries.flatMap(({ entry }) => evidenceOf(entry)))];
  const blobs = await Promise.all(
    hashes.map(async (hash): Promise<[string, string]> => {
      const blob = await log.blob(hash);
      if (blob === undefined)
        throw new CausewayError("LOG_INCONSISTENT", `the proof log has lost the evidence ${hash}`);
      return [hash, base64(blob)];
    }),
  );
  return Object.fromEntries(blobs);
}
