// Signs what the log is at a moment: its size and root, as a C2SP checkpoint.
import { checkpointText } from "#sdk/evidence/checkpoint.ts";
import type { LogHead } from "#sdk/evidence/checkpoint.ts";
import { signNote } from "./note-signer.ts";
import type { NoteSigner } from "./note-signer.ts";

/** The origin is the signer's name. */
export const signCheckpoint = (head: LogHead, signer: NoteSigner): string =>
  signNote(checkpointText(signer.name, head), signer);
