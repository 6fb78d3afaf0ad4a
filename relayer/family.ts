// A chain family as the relayer sees it.
import type { AdapterDependencies, Chain } from "#adapters/adapter.ts";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Verify, VerifyMisbehaviour } from "#adapters/protocol/verdict.ts";
import type { ZodType } from "zod";

/** A family as the relayer sees it: whatever it is, its config names itself and its chain. */
export interface Family {
  readonly family: string;
  readonly configSchema: ZodType<{ family: string; chainId: ChainId }>;
  open(config: { family: string; chainId: ChainId }, dependencies: AdapterDependencies): Promise<Chain>;
  readonly verify: Verify;
  readonly verifyMisbehaviour: VerifyMisbehaviour;
}
