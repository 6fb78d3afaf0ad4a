// C2SP tlog-checkpoint v1.0.0: the signed statement of a log's size and root.
import type { LogHead } from "./proof-log.ts";
import { openNote, parseVerifierKey, signNote } from "./note.ts";
import type { NoteSigner } from "./note.ts";

const CHECKPOINT = /^([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n$/u;

/** The origin is the signer's name. */
export function signCheckpoint(head: LogHead, signer: NoteSigner): string {
  return signNote(`${signer.name}\n${head.size}\n${Buffer.from(head.root).toString("base64")}\n`, signer);
}

/** The head, or what is wrong. Extension lines are refused: nothing of ours writes them. */
export function openCheckpoint(note: string, verifierKey: string): LogHead | { readonly problem: string } {
  const verifier = parseVerifierKey(verifierKey);
  if (verifier === undefined) return { problem: "the log's key is not an Ed25519 verifier key" };
  const opened = openNote(Buffer.from(note), [verifierKey]);
  if (!opened.ok) return { problem: opened.problem };
  const [, origin, size, base64] = CHECKPOINT.exec(opened.text) ?? [];
  if (origin === undefined || size === undefined || base64 === undefined)
    return { problem: "the signed text is not a checkpoint" };
  if (origin !== verifier.name) return { problem: `the checkpoint is of ${origin}, the key of ${verifier.name}` };
  const root = Buffer.from(base64, "base64");
  if (root.toString("base64") !== base64) return { problem: "the root is not canonical base64" };
  return { size: BigInt(size), root };
}
