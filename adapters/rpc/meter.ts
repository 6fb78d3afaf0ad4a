// Counts what is asked of endpoints: every exchange is told to whoever opened the chain.
import type { AdapterDependencies, ChainId } from "../adapter.ts";

export interface Exchange {
  /** Of the bodies. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly seconds: number;
  /** Nothing usable came back; an answer that says no is one. */
  readonly failed: boolean;
}

export interface RpcRequest extends Exchange {
  readonly chainId: ChainId;
  /** Its name in the configuration. */
  readonly endpoint: string;
  /** Of a batch of calls: that of the first. What a node pushes is a `push`. */
  readonly method: string;
}

/** Of one endpoint. */
export type Meter = (method: string, exchange: Exchange) => void;

export const createMeter =
  ({ requests }: Pick<AdapterDependencies, "requests">, chainId: ChainId, endpoint: string): Meter =>
  (method, exchange) =>
    requests?.({ chainId, endpoint, method, ...exchange });
