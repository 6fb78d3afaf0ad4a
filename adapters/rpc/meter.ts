// Counts what is asked of endpoints: every exchange is told to whoever opened the chain.
import type { ChainId } from "../chain-id.ts";

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

export interface Requests {
  /** Told of every exchange with an endpoint. */
  readonly requests?: ((request: RpcRequest) => void) | undefined;
}

/** Of one endpoint. */
export type Meter = (method: string, exchange: Exchange) => void;

export const createMeter =
  ({ requests }: Requests, chainId: ChainId, endpoint: string): Meter =>
  (method, exchange) =>
    requests?.({ chainId, endpoint, method, ...exchange });
