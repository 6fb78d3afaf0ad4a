// What a host has to know of a light client of a beacon chain: a few fields of its canonical state, the ABI encoding of one tuple.
import { bytesToHex } from "@noble/hashes/utils.js";

export interface BeaconFields {
  readonly trustingPeriod: bigint;
  readonly frozen: boolean;
  readonly latestHeight: bigint;
  /** Unix seconds. */
  readonly latestTimestamp: bigint;
  /** What it remembers of heights, each at its height modulo the ring's length: the height in 8 bytes and 24 of a digest, or 0. */
  readonly ring: readonly bigint[];
  readonly slotsPerPeriod: bigint;
  /** Sync committee period of the newest committee that it knows. */
  readonly newestPeriod: bigint;
}

const WORD = 32;
/** After the word that says where the tuple begins. */
const HEAD = WORD;
/** Of the state's fields, in its order; an array's holds where it begins. */
const FIELD = {
  slotsPerEpoch: 4,
  epochsPerPeriod: 5,
  trustingPeriod: 7,
  frozen: 12,
  latestHeight: 13,
  latestTimestamp: 14,
  period: 16,
  nextCommitteeRoot: 18,
  ring: 19,
} as const;

const MAX_RING = 4_096n;

/** Undefined when the bytes are too short for what they say. Whether they are a usable state is for the source family to judge. */
export function beaconFields(state: Uint8Array): BeaconFields | undefined {
  const wordAt = (offset: number): bigint | undefined => {
    const word = state.subarray(offset, offset + WORD);
    return word.length === WORD ? BigInt(`0x${bytesToHex(word)}`) : undefined;
  };
  const field = (name: keyof typeof FIELD): bigint | undefined => wordAt(HEAD + FIELD[name] * WORD);
  const ringAt = field("ring");
  if (ringAt === undefined || ringAt > BigInt(state.length)) return undefined;
  const ringStart = HEAD + Number(ringAt);
  const ringLength = wordAt(ringStart);
  if (ringLength === undefined || ringLength > MAX_RING) return undefined;
  const ring: bigint[] = [];
  for (let index = 1; index <= Number(ringLength); index += 1) {
    const word = wordAt(ringStart + index * WORD);
    if (word === undefined) return undefined;
    ring.push(word);
  }
  const value = (name: keyof typeof FIELD): bigint => field(name) ?? 0n;
  return {
    trustingPeriod: value("trustingPeriod"),
    frozen: value("frozen") !== 0n,
    latestHeight: value("latestHeight"),
    latestTimestamp: value("latestTimestamp"),
    ring,
    slotsPerPeriod: value("slotsPerEpoch") * value("epochsPerPeriod"),
    newestPeriod: value("nextCommitteeRoot") === 0n ? value("period") : value("period") + 1n,
  };
}
