// How long a packet is going to take, by what its lanes measured of late.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Api } from "./api/client.ts";
import { listChains, listLanes } from "./api/reads.ts";
import type { ChainView, LaneView } from "./api/views.ts";

export interface TimeParameters {
  /** CAIP-2 id of the sending chain. */
  readonly sourceChain: string;
  readonly sourceClient: string;
  /** Needed only when several light clients of the sending chain are served on the receiving one. */
  readonly destinationClient?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Seconds {
  /** Half of the packets took less. */
  readonly typical: number;
  /** One in twenty took longer. */
  readonly slow: number;
}

export interface TimeEstimate {
  /** From now until the packet is received; null while the lane has measured nothing. */
  readonly received: Seconds | null;
  /** From now until its acknowledgement is back; null alike. */
  readonly acknowledged: Seconds | null;
}

/**
 * Each way takes the finality of the chain that is proven, and what the lane took for its newest deliveries. Throws NOT_FOUND when the relayer
 * does not serve that light client, INVALID_ARGUMENT when it has to be told which of several, and what the client throws.
 */
export async function estimateTime(api: Api, parameters: TimeParameters): Promise<TimeEstimate> {
  const { sourceChain, sourceClient, signal } = parameters;
  const [lanes, chains] = await Promise.all([listLanes(api, { signal }), listChains(api, { signal })]);
  const back = lanes.find((lane) => lane.targetChain === sourceChain && lane.client === sourceClient);
  if (back === undefined)
    throw new CausewayError("NOT_FOUND", `${api.url} does not serve light client ${sourceClient} of ${sourceChain}`, {
      hint: "ask another relayer, or check the light client's name",
    });
  const there = laneThere(lanes, back.sourceChain, parameters);
  const received = secondsOf(there, finalityOf(chains, sourceChain));
  const answered = secondsOf(back, finalityOf(chains, back.sourceChain));
  return {
    received,
    acknowledged:
      received === null || answered === null
        ? null
        : { typical: received.typical + answered.typical, slow: received.slow + answered.slow },
  };
}

function laneThere(lanes: readonly LaneView[], destinationChain: string, parameters: TimeParameters): LaneView {
  const { sourceChain, destinationClient } = parameters;
  const found = lanes.filter(
    (lane) =>
      lane.sourceChain === sourceChain &&
      lane.targetChain === destinationChain &&
      (destinationClient === undefined || lane.client === destinationClient),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new CausewayError("INVALID_ARGUMENT", `${found.length} light clients of ${sourceChain} fit`, {
    hint: `name the one on ${destinationChain} as destinationClient: ${found.map(({ client }) => client).join(", ")}`,
  });
}

/** By how much what is final is older than the time at which the relayer read it. */
function finalityOf(chains: readonly ChainView[], chain: string): number | null {
  const view = chains.find((one) => one.chain === chain);
  if (view?.timestamp == null || view.updatedAt == null) return null;
  return Math.max(0, Date.parse(view.updatedAt) / 1_000 - Number(view.timestamp));
}

const secondsOf = ({ latency }: LaneView, finality: number | null): Seconds | null =>
  latency === null || finality === null
    ? null
    : { typical: finality + latency.p50Seconds, slow: finality + latency.p95Seconds };
