// What fits into one entry of the proof log: a batch whose outcome had no room there could never be closed.
import { utf8 } from "@scure/base";
import { MAX_ENTRY_BYTES } from "#sdk/evidence/log-entry.ts";

/** So many messages of a batch are in one entry. */
export const IN_AN_ENTRY = 100;

/** One message with its outcome, its chain's and its light client's names as long as they may be; and all that an entry says of its batch. */
const [MESSAGE_BYTES, BATCH_BYTES] = [320, 2_048];
const REASON_BYTES = Math.floor((MAX_ENTRY_BYTES - BATCH_BYTES) / IN_AN_ENTRY) - MESSAGE_BYTES;

const jsonBytes = (text: string): number => utf8.decode(JSON.stringify(text)).length;

/** Why a message was refused, cut to what there is room for when all of them were. */
export function loggedReason(reason: string): string {
  let cut = reason.toWellFormed();
  while (jsonBytes(cut) > REASON_BYTES)
    cut = cut.slice(0, Math.min(REASON_BYTES, Math.floor(cut.length * 0.9))).toWellFormed();
  return cut;
}
