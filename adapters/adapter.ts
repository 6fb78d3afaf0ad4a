// The interface a chain family implements. What passes between families is bytes that only the source family understands.
import type { Verdict, Verify, VerifyInput, VerifyMisbehaviour } from "./protocol/verdict.ts";
import type { ChainAdmin } from "./chain-admin.ts";
import type { ChainApps } from "./chain-apps.ts";
import type { ChainId } from "./chain-id.ts";
import type { Logger } from "./logger.ts";
import type { ChainLookup } from "./lookup.ts";
import type { Requests } from "./rpc/meter.ts";
import type { ReadSecret } from "./secret.ts";
import type { SourceChain } from "./source-chain.ts";
import type { TargetChain } from "./target-chain.ts";
import type { TransactionStore } from "./transaction-store.ts";
import type { ZodType } from "zod";

/** One family of chains. `Config` is its block of the configuration, with `family` as discriminator. */
export interface AdapterFamily<Config extends { family: string; chainId: ChainId } = never> {
  readonly family: Config["family"];
  readonly configSchema: ZodType<Config>;
  /** Connects lazily; throws WRONG_CHAIN_ID, CONTRACT_MISSING or RPC_UNREACHABLE when the chain is not what the config says. */
  open(config: Config, dependencies: AdapterDependencies): Promise<Chain>;
  /** Judges evidence about chains of this family. */
  readonly verify: Verify;
  /** Judges a report that chains of this family gave a light client contradicting evidence. */
  readonly verifyMisbehaviour: VerifyMisbehaviour;
}

export interface AdapterDependencies extends Requests {
  readonly logger: Logger;
  readonly transactions: TransactionStore;
  /** Resolves the secret references of the chain's config, when it signs or authenticates. */
  readonly readSecret: ReadSecret;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Judges evidence about this chain as `verify` does, where that holds up nobody; absent: it is judged where it was made. */
  readonly judge?: ((input: VerifyInput) => Verdict | Promise<Verdict>) | undefined;
}

/** An opened chain: each member is one role a chain plays. */
export interface Chain {
  readonly chainId: ChainId;
  readonly source: SourceChain;
  readonly target: TargetChain;
  readonly admin: ChainAdmin;
  readonly apps: ChainApps;
  readonly lookup: ChainLookup;
  health(): Promise<ChainHealth>;
  close(): Promise<void>;
}

export interface ChainHealth {
  readonly endpoints: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly height?: bigint;
    readonly problem?: string;
  }[];
  readonly height: bigint;
  readonly finalizedHeight: bigint;
  readonly signer?: { readonly address: string; readonly balance: bigint } | undefined;
}
