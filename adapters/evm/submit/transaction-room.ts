// How many messages of a batch are tried in one transaction at first: a node takes as long to find that a much too large one does not fit as to
// run it. What then does not fit is found by simulating.
import type { GasPart } from "#adapters/submit/known-gas.ts";
import { TRANSACTION_GAS_CAP } from "./gas-limit.ts";
import type { ProvenMessage, RelayEvidence } from "./relay-batch.ts";

/** Nodes keep no larger transaction in their pools (go-ethereum core/txpool/legacypool, 128 KiB), signature and fields included. */
const MOST_BYTES = 128 * 1024 - 1_024;
/** A guess leaves a tenth for what it does not know. */
export const MOST_GUESSED_GAS = (TRANSACTION_GAS_CAP * 9n) / 10n;

/** What the call takes without anything in it, as so many bytes. */
const FRAME_BYTES = 1_000;

const size = (pieces: readonly Uint8Array[]): number => pieces.reduce((total, { length }) => total + length, 0);

/** Only the size of a batch is guessed from them: the gas limit is a simulation's. */
export const gasParts = (
  clientId: string,
  { updates, rootProof }: RelayEvidence,
  some: readonly ProvenMessage[],
): GasPart[] => [
  ...some.map(({ message, proof }) => ({
    kind: `${message.kind} ${message.packet.payloads[0]?.destinationPort ?? ""}`,
    bytes: proof.length + size(message.packet.payloads.map(({ value }) => value)),
  })),
  { kind: `update ${clientId}`, bytes: FRAME_BYTES + size(updates) + rootProof.length },
];

/** How many of the items, from the first one on, fit: at least one. More fit less. */
export function countFitting<T>(items: readonly T[], fits: (some: readonly T[]) => boolean): number {
  let [fitting, tooMany] = [Math.min(1, items.length), items.length + 1];
  if (fits(items)) return items.length;
  while (tooMany - fitting > 1) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (fits(items.slice(0, middle))) fitting = middle;
    else tooMany = middle;
  }
  return fitting;
}

/** Those that nodes take as one transaction, from the first one on: at least one. */
export function withinBytes<T>(items: readonly T[], sizeOf: (some: readonly T[]) => number): readonly T[] {
  let some = items;
  for (let bytes = sizeOf(some); bytes > MOST_BYTES && some.length > 1; bytes = sizeOf(some))
    some = some.slice(0, Math.max(1, Math.min(some.length - 1, Math.floor((some.length * MOST_BYTES) / bytes))));
  return some;
}
