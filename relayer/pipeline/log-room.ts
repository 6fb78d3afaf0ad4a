// How large a batch may be, and what is said of it, so that its outcome fits into one entry of the proof log: a batch whose outcome had no
// room there could never be closed.
import { utf8 } from "@scure/base";
import { MAX_ENTRY_BYTES } from "#sdk/evidence/log-entry.ts";
import type { End, Lane } from "#relayer/routes.ts";

/** Of an entry, for its messages; the rest is for why some were refused, and for the batch itself. */
const MESSAGES_BYTES = 48 * 1024;
const REASONS_BYTES = MAX_ENTRY_BYTES - MESSAGES_BYTES - 2_048;
/** One message with its outcome, without the names of the packet's chain and light client. */
const MESSAGE_BYTES = 210;

const nameBytes = ({ chain, client }: End): number => chain.length + client.length;

/** Most messages of one batch. */
export const mostLogged = ({ source, target }: Lane): number =>
  Math.floor(MESSAGES_BYTES / (MESSAGE_BYTES + Math.max(nameBytes(source), nameBytes(target))));

const jsonBytes = (text: string): number => utf8.decode(JSON.stringify(text)).length;

/** The reason, cut where `count` of its kind would not fit. */
export function loggedReason(reason: string, count: number): string {
  const room = Math.floor(REASONS_BYTES / Math.max(count, 1));
  let cut = reason.toWellFormed();
  while (jsonBytes(cut) > room) cut = cut.slice(0, Math.min(room, Math.floor(cut.length * 0.9))).toWellFormed();
  return cut;
}
