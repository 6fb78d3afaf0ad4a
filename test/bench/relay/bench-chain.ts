// A chain as the benchmark uses it: it sends packets at little cost, and tells afterwards what happened on it.
import type { ChainConfig } from "#adapters/families.ts";

/** What packets travel over: light clients of each other, or a channel of IBC v1, as each chain calls it. */
export interface Way {
  readonly protocol: "v1" | "v2";
  readonly source: string;
  readonly destination: string;
}

/** Signed already, so that sending costs next to nothing. */
export interface Burst {
  /** Hands everything in, in order; resolves when the chain has taken it, included or not. */
  send(): Promise<void>;
}

export interface SeenMessage {
  readonly kind: "send" | "receive" | "acknowledge";
  readonly sequence: bigint;
}

export interface SeenTransaction {
  readonly gas: bigint;
  readonly failed: boolean;
  readonly bytes: number;
  readonly messages: readonly SeenMessage[];
}

export interface SeenBlock {
  readonly height: number;
  /** Unix milliseconds on the chain's clock. */
  readonly time: number;
  readonly transactions: readonly SeenTransaction[];
}

export interface BenchChain {
  readonly chainId: string;
  /** For people. */
  readonly what: string;
  /** Of a relayer that pays with an account of its own. */
  readonly relayerConfig: ChainConfig;
  /** Transfers of one unit each. Every burst has to be sent before the next one is prepared. */
  prepare(way: Way, to: string, count: number, perTransaction: number): Promise<Burst>;
  /** Who takes what is sent to this chain. */
  readonly receiver: string;
  /** Packets sent over the way that were neither acknowledged nor timed out; counts no further than `most`. */
  pending(way: Way, most: number): Promise<number>;
  head(): Promise<number>;
  /** What is in the blocks from the first height to the last one; those without transactions are left out. */
  read(way: Way, first: number, last: number): Promise<SeenBlock[]>;
}
