import type { Packet } from "./protocol/packet.ts";

/** Sending through the standard applications, for the command line and the demo. */
export interface ChainApps {
  transfer(request: TransferRequest): Promise<Sent>;
  send(request: MessageRequest): Promise<Sent>;
}

export interface TransferRequest {
  readonly sourceClient: string;
  /** Local token (contract address, native denom). */
  readonly denom: string;
  readonly amount: bigint;
  readonly receiver: string;
  readonly memo: string;
  /** Unix seconds. */
  readonly timeoutTimestamp: bigint;
}

export interface MessageRequest {
  readonly sourceClient: string;
  readonly receiver: string;
  readonly payload: Uint8Array;
  readonly timeoutTimestamp: bigint;
}

export interface Sent {
  readonly packet: Packet;
  readonly transaction: string;
  readonly height: bigint;
}
