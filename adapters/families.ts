// The one list of chain families: what a chain's configuration may be, and what opens and verifies it.
import { z } from "zod";
import type { AdapterDependencies, AdapterFamily, Chain } from "./adapter.ts";
import type { ChainId } from "./chain-id.ts";
import { cosmosConfig } from "./cosmos/config.ts";
import { cosmos } from "./cosmos/family.ts";
import { evmConfig } from "./evm/config.ts";
import { evm } from "./evm/family.ts";
import { CausewayError } from "./protocol/error.ts";

export const families = [evm, cosmos] as const;

/** One chain's block of the configuration. */
export const chainConfig = z.discriminatedUnion("family", [evmConfig, cosmosConfig]);
export type ChainConfig = z.infer<typeof chainConfig>;

/** A family as whoever does not know which one it is sees it. */
type AnyFamily = AdapterFamily<{ family: string; chainId: ChainId }>;

const familyOf = (name: string): AnyFamily => {
  const all: readonly AnyFamily[] = families;
  const found = all.find(({ family }) => family === name);
  if (found !== undefined) return found;
  throw new CausewayError("UNSUPPORTED", `there is no chain family ${name}`, {
    hint: `families are: ${families.map(({ family }) => family).join(", ")}`,
  });
};

/** Throws what the family's `open` throws. */
export const openChain = (config: ChainConfig, dependencies: AdapterDependencies): Promise<Chain> =>
  familyOf(config.family).open(config, dependencies);
