// How the chain's endpoints and signer are doing.
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { ChainHealth } from "../adapter.ts";
import type { ChainContext } from "./context.ts";
import { quantity } from "./rpc/hex.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";
import type { Sender } from "./submit/sender.ts";

const problemOf = (error: unknown): string =>
  isCausewayError(error) ? `${error.code}: ${error.message}` : "failed in an unexpected way";

async function endpointHealth(context: ChainContext, endpoint: RpcEndpoint): Promise<ChainHealth["endpoints"][number]> {
  const { name } = endpoint;
  const earlier = context.execution.status().find((status) => status.name === name)?.problem;
  try {
    const height = await endpoint.call({ method: "eth_blockNumber", params: [] }, quantity);
    return earlier === undefined ? { name, ok: true, height } : { name, ok: false, height, problem: earlier };
  } catch (error) {
    return { name, ok: false, problem: problemOf(error) };
  }
}

/** Never throws: what cannot be read is zero or absent, and its endpoint says why. */
export async function readHealth(
  context: ChainContext,
  sender: (() => Promise<Sender>) | undefined,
): Promise<ChainHealth> {
  const { consensus, execution } = context;
  const endpoints = await Promise.all(execution.endpoints.map((endpoint) => endpointHealth(context, endpoint)));
  const finalized = await consensus.finalized().then(
    ({ number }) => number,
    () => 0n,
  );
  const beacons = consensus
    .status()
    .map(({ name, problem }) => (problem === undefined ? { name, ok: true } : { name, ok: false, problem }));
  return {
    endpoints: [...endpoints, ...beacons],
    height: endpoints.reduce((highest, { height = 0n }) => (height > highest ? height : highest), 0n),
    finalizedHeight: finalized,
    signer: sender === undefined ? undefined : await signerHealth(context, sender),
  };
}

async function signerHealth(
  { execution }: ChainContext,
  sender: () => Promise<Sender>,
): Promise<ChainHealth["signer"]> {
  try {
    const { address } = await sender();
    const call = { method: "eth_getBalance", params: [address, "latest"] };
    return { address, balance: await execution.use((endpoint) => endpoint.call(call, quantity)) };
  } catch {
    return undefined;
  }
}
