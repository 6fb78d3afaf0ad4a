// How the chain's endpoints and signer are doing.
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { ChainHealth } from "../adapter.ts";
import type { ChainContext } from "./context.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { getHeight } from "./rpc/head.ts";
import { readBalance } from "./submit/account.ts";
import { priceOf } from "./submit/fees.ts";
import type { Sender } from "./submit/sender.ts";

const problemOf = (error: unknown): string =>
  isCausewayError(error) ? `${error.code}: ${error.message}` : "failed in an unexpected way";

async function endpointHealth(
  context: ChainContext,
  endpoint: CometEndpoint,
): Promise<ChainHealth["endpoints"][number]> {
  const { name } = endpoint;
  const earlier = context.endpoints.status().find((status) => status.name === name)?.problem;
  try {
    const height = await getHeight(endpoint);
    return earlier === undefined ? { name, ok: true, height } : { name, ok: false, height, problem: earlier };
  } catch (error) {
    return { name, ok: false, problem: problemOf(error) };
  }
}

/** Never throws: what cannot be read is zero or absent, and its endpoint says why. CometBFT's blocks are final as soon as they are there. */
export async function readHealth(
  context: ChainContext,
  sender: (() => Promise<Sender>) | undefined,
): Promise<ChainHealth> {
  const endpoints = await Promise.all(context.endpoints.endpoints.map((endpoint) => endpointHealth(context, endpoint)));
  const height = endpoints.reduce((highest, { height: at = 0n }) => (at > highest ? at : highest), 0n);
  return {
    endpoints,
    height,
    finalizedHeight: height,
    signer: sender === undefined ? undefined : await signerHealth(context, sender),
  };
}

async function signerHealth(context: ChainContext, sender: () => Promise<Sender>): Promise<ChainHealth["signer"]> {
  try {
    const { address } = (await sender()).signer;
    const { denom } = priceOf(context);
    return { address, balance: await context.endpoints.use((endpoint) => readBalance(endpoint, address, denom)) };
  } catch {
    return undefined;
  }
}
