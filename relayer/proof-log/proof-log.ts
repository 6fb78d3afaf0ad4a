// The proof log: an RFC 6962 tree over everything the relayer concluded and did, with the evidence kept by hash.
import type { LogHead } from "#sdk/evidence/checkpoint.ts";
import type { LogEntry, NewLogEntry, PacketName } from "#sdk/evidence/log-entry.ts";

export interface ProofLog extends LogWriter, LogReader {
  /** Writes what was appended and stops; appends after it are refused. */
  close(): Promise<void>;
}

export interface LogWriter {
  /**
   * Durable, with its evidence and the new tree, before it returns. Blobs are what the entry's hashes refer to; one the log
   * keeps already may be left out. Throws INVALID_ARGUMENT for a malformed entry or missing evidence, STORE_UNAVAILABLE
   * when it could not be written (it may be appended again: two equal entries do no harm).
   */
  append(entry: NewLogEntry, blobs?: readonly Uint8Array[]): Promise<{ readonly index: bigint }>;
}

export interface LogReader {
  head(): Promise<LogHead>;
  /** The newest signed checkpoint: it may lag behind `head` on a machine that does not hold the log's key. */
  checkpoint(): Promise<Checkpoint>;
  /** Hashes from the leaf's sibling up to the tree of `size` entries (RFC 6962 2.1.1). */
  inclusion(index: bigint, size: bigint): Promise<Uint8Array[]>;
  /** Hashes that show the tree of `to` entries to extend the tree of `from` entries (RFC 6962 2.1.2). */
  consistency(from: bigint, to: bigint): Promise<Uint8Array[]>;
  entry(index: bigint): Promise<StoredEntry | undefined>;
  /** Those with an index from `start` on, before `end`. */
  entries(start: bigint, end: bigint): Promise<StoredEntry[]>;
  /** Everything that was logged about one packet, oldest first. */
  entriesOf(packet: PacketName): Promise<StoredEntry[]>;
  blob(sha256: string): Promise<Uint8Array | undefined>;
  /** Recomputes the whole log. Problems name what does not fit; an empty list means that it is intact. */
  check(): Promise<LogCheck>;
}

export interface Checkpoint extends LogHead {
  /** C2SP signed note. */
  readonly note: string;
  /** The log's verifier key, `name+id+base64`. */
  readonly key: string;
}

export interface StoredEntry {
  readonly index: bigint;
  readonly entry: LogEntry;
  /** Canonical bytes: the leaf. */
  readonly bytes: Uint8Array;
}

export interface LogCheck extends LogHead {
  readonly problems: readonly string[];
}
