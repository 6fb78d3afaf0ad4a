// Bundles of an operator who lies: genuine ones, changed, and logged and signed anew so that only the evidence can give them away.
import { createHash } from "node:crypto";
import { generateNoteKey, noteSigner } from "#relayer/proof-log/note-signer.ts";
import { encodeBundle } from "#sdk/evidence/bundle.ts";
import type { Bundle } from "#sdk/evidence/bundle.ts";
import { decodeEntry, encodeEntry } from "#sdk/evidence/log-entry.ts";
import type { LogEntry } from "#sdk/evidence/log-entry.ts";
import { signedLog } from "./signed-log.ts";

export interface Forgery {
  /** What the bundle is to say of the packet. */
  readonly bundle?: Partial<Pick<Bundle, "packet" | "acknowledgements">>;
  /** What the log is to say. */
  readonly entry?: (entry: LogEntry) => LogEntry;
  /** What the evidence is to be; the entries name it by its new hash. */
  readonly evidence?: (bytes: Uint8Array) => Uint8Array;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export function forgedBundle({ format: _format, ...genuine }: Bundle, forgery: Forgery): Uint8Array {
  const signer = noteSigner("liar.test/log", generateNoteKey());
  const evidence = new Map(
    Object.entries(genuine.evidence).map(([hash, base64]) => {
      const bytes = Buffer.from(base64, "base64");
      return [hash, forgery.evidence?.(bytes) ?? bytes];
    }),
  );
  const rename = (text: string): string =>
    [...evidence].reduce((renamed, [hash, bytes]) => renamed.replaceAll(hash, sha256(bytes)), text);
  const entries = genuine.entries.map(({ entry }) => {
    const decoded = decodeEntry(Buffer.from(rename(entry)));
    if (decoded === undefined) throw new Error("the genuine bundle has an entry that does not decode");
    return Buffer.from(encodeEntry(forgery.entry?.(decoded) ?? decoded));
  });
  const log = signedLog(entries, signer);
  return encodeBundle({
    ...genuine,
    ...forgery.bundle,
    entries: entries.map((entry, index) => ({
      index: index.toString(),
      entry: entry.toString(),
      proof: log.proofOf(index),
    })),
    evidence: Object.fromEntries(
      [...evidence.values()].map((bytes) => [sha256(bytes), Buffer.from(bytes).toString("base64")]),
    ),
    checkpoint: log.checkpoint,
    logKey: signer.verifierKey,
  });
}
