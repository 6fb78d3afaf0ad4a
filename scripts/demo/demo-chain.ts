// A chain of the demo, of whatever family: it sends, receives, and is configured for a user and for the relayer.
import type { ChainApps } from "#adapters/chain-apps.ts";
import type { ChainConfig } from "#adapters/families.ts";
import type { SentPacket } from "./sent-packet.ts";

export interface DemoChain {
  /** For people. */
  readonly name: string;
  readonly chainId: string;
  /** For people: what its node answers under. */
  readonly answersAt: string;
  readonly receivers: Receivers;
  readonly relayerConfig: ChainConfig;
  readonly userConfig: ChainConfig;
  /** What the demo shows of sending from this chain. */
  sendPackets(request: SendRequest): Promise<SentPacket[]>;
  stop(): Promise<void>;
}

/** Who takes what is sent to this chain. */
export interface Receivers {
  readonly tokens: string;
  /** Answers a greeting; absent where there are no general messages. */
  readonly messages?: string;
}

export interface SendRequest {
  readonly sourceClient: string;
  readonly to: DemoChain;
  /** Of the sending chain, with the user's key. */
  readonly apps: ChainApps;
}
