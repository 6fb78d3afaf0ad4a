// C2SP tlog-checkpoint v1.0.0: the signed statement of a log's size and root.
import { base64, utf8 } from "@scure/base";
import { openNote, parseVerifierKey } from "./note.ts";

const CHECKPOINT = /^([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n$/u;

export interface LogHead {
  readonly size: bigint;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** What a log of this name signs; the name is the checkpoint's origin. */
export const checkpointText = (origin: string, { size, root }: LogHead): string =>
  `${origin}\n${size}\n${base64.encode(root)}\n`;

/** The head, or what is wrong. Extension lines are refused: nothing of ours writes them. */
export function openCheckpoint(note: string, verifierKey: string): LogHead | { readonly problem: string } {
  const verifier = parseVerifierKey(verifierKey);
  if (verifier === undefined) return { problem: "the log's key is not an Ed25519 verifier key" };
  if (!note.isWellFormed()) return { problem: "the note is malformed" };
  const opened = openNote(utf8.decode(note), [verifierKey]);
  if (!opened.ok) return { problem: opened.problem };
  const [, origin, size, encoded] = CHECKPOINT.exec(opened.text) ?? [];
  if (origin === undefined || size === undefined || encoded === undefined)
    return { problem: "the signed text is not a checkpoint" };
  if (origin !== verifier.name) return { problem: `the checkpoint is of ${origin}, the key of ${verifier.name}` };
  try {
    return { size: BigInt(size), root: base64.decode(encoded) };
  } catch {
    return { problem: "the root is not canonical base64" };
  }
}
