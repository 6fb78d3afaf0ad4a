// How much one transaction may have: of a block's gas, and of what nodes take in one request.
import { z } from "zod";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getHeight } from "../rpc/head.ts";

const schema = z.object({
  consensus_params: z.object({ block: z.object({ max_gas: z.string().regex(/^(?:-1|\d{1,19})$/) }) }),
});

const UNLIMITED = (1n << 63n) - 1n;

/** The most gas that a block has; without a limit the greatest number that a transaction can name. */
export async function blockGas(endpoint: CometEndpoint, signal?: AbortSignal): Promise<bigint> {
  // Without a height a node looks for the block that is being made, and often does not know yet what holds for it.
  const params = { height: (await getHeight(endpoint, signal)).toString() };
  const answer = await endpoint.call({ method: "consensus_params", params }, schema, signal);
  const gas = BigInt(answer.consensus_params.block.max_gas);
  return gas < 0n ? UNLIMITED : gas;
}

/** A simulation takes two characters for each byte, and CometBFT's nodes take requests of a million by themselves. */
const MOST_BYTES = 480_000;
/** Of the transaction beside its messages, and of each message in it. */
const [FRAME, EACH] = [1_000, 100];

/** How many of the items, from the first one on, fit beside `shared` bytes: at least one. */
export function countFitting(sizes: readonly number[], shared: number): number {
  let total = FRAME + shared;
  const tooMuch = sizes.findIndex((size) => (total += size + EACH) > MOST_BYTES);
  return tooMuch === -1 ? sizes.length : Math.max(tooMuch, Math.min(1, sizes.length));
}
