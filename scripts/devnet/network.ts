// The parameters of one development network: its clock, its committee size, its fork schedule, all derived from a seed.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";

export interface Network {
  readonly chainId: number;
  readonly seed: number;
  /** Unix seconds of slot 0, the timestamp of execution block 0. */
  readonly genesisTime: number;
  readonly secondsPerSlot: number;
  readonly slotsPerEpoch: number;
  readonly epochsPerPeriod: number;
  readonly committeeSize: number;
  /** First epoch under the rules of each fork; undefined when it is not scheduled. Electra holds before Fulu. */
  readonly fuluEpoch: number;
  readonly gloasEpoch: number | undefined;
  readonly hezeEpoch: number | undefined;
  readonly genesisValidatorsRoot: Uint8Array;
}

/** Fork names as the beacon API spells them. */
export type ForkName = "electra" | "fulu" | "gloas" | "heze";

export const FORK_ORDER = [
  "genesis",
  "altair",
  "bellatrix",
  "capella",
  "deneb",
  "electra",
  "fulu",
  "gloas",
  "heze",
] as const;

/** Undefined when it is not scheduled. */
export function forkEpoch(network: Network, fork: (typeof FORK_ORDER)[number]): number | undefined {
  if (fork === "fulu" || fork === "gloas" || fork === "heze") return network[`${fork}Epoch`];
  return 0;
}

export function areForksInOrder(network: Network): boolean {
  const epochs = FORK_ORDER.flatMap((fork) => forkEpoch(network, fork) ?? []);
  return epochs.every((epoch, index) => epoch >= (epochs[index - 1] ?? 0));
}

/** Bytes that belong to this network alone, for `label`. */
export const derive = (network: Pick<Network, "chainId" | "seed">, label: string): Uint8Array =>
  sha256(
    concatBytes(
      utf8ToBytes(`causeway development network/${label}/`),
      uint64BigEndian(BigInt(network.chainId)),
      uint64BigEndian(BigInt(network.seed)),
    ),
  );

export function forkVersion(network: Network, fork: (typeof FORK_ORDER)[number]): Uint8Array {
  return concatBytes(new Uint8Array([FORK_ORDER.indexOf(fork)]), derive(network, "fork versions").subarray(0, 3));
}

export const epochOf = (network: Network, slot: number): number => Math.floor(slot / network.slotsPerEpoch);

export const periodOf = (network: Network, slot: number): number =>
  Math.floor(epochOf(network, slot) / network.epochsPerPeriod);

export const forkAt = (network: Network, slot: number): ForkName =>
  (["heze", "gloas", "fulu"] as const).find(
    (fork) => (forkEpoch(network, fork) ?? Number.POSITIVE_INFINITY) <= epochOf(network, slot),
  ) ?? "electra";
