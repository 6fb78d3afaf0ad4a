// What several routes have in common: how paths name things, and how a request is refused.
import { z } from "zod";
import { problem } from "#sdk/api/views.ts";

/** Whatever goes wrong is said the same way. */
export const problems = { "4xx": problem, "5xx": problem } as const;

export const packetParams = z.object({
  sourceChain: z.string().describe("CAIP-2 id of the chain it was sent from"),
  sourceClient: z.string().describe("light client it was sent through"),
  sequence: z.string().regex(/^[0-9]{1,20}$/, "expected a sequence"),
});

/** A lane, or the light client that it leads to. */
export const endParams = z.object({
  chain: z.string().describe("CAIP-2 id of the chain that hosts the light client"),
  client: z.string(),
});

export const endId = ({ chain, client }: z.infer<typeof endParams>): string => `${chain}/${client}`;
