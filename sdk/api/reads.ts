// What can be asked of a relayer, a function for each question. All throw what the client throws: API_UNREACHABLE, API_BAD_ANSWER, NOT_FOUND,
// NOT_AUTHORIZED, INVALID_ARGUMENT, CANCELLED.
import type { z } from "zod";
import { parsePacketId } from "../evidence/packet-id.ts";
import { traceAnswer } from "../trace/answer.ts";
import type { Explanation } from "../trace/explanation.ts";
import type { Api, RequestOptions } from "./client.ts";
import { chainList, laneList, packetList, packetView, searchResult } from "./views.ts";
import type { ChainView, LaneView, PacketView, SearchResult } from "./views.ts";

export interface PacketParameters {
  /** `chain/client/sequence`, as `send` and `transfer` return it. */
  readonly id: string;
  readonly signal?: AbortSignal | undefined;
}

/** The id as part of a path. Throws INVALID_ARGUMENT for what names no packet. */
export function packetPath(id: string): string {
  const { sourceChain, sourceClient, sequence } = parsePacketId(id);
  return [sourceChain, sourceClient, sequence].map(encodeURIComponent).join("/");
}

/** Everything the relayer knows about one packet: what is in it, what happened to it, and how far each leg is. */
export const readPacket = (api: Api, { id, signal }: PacketParameters): Promise<PacketView> =>
  api.read(`/v1/packets/${packetPath(id)}`, packetView, { signal });

export interface PacketsParameters {
  readonly signal?: AbortSignal | undefined;
  /** CAIP-2: of packets that begin or end there. */
  readonly chain?: string | undefined;
  /** At most 200. */
  readonly limit?: number | undefined;
  /** From an earlier answer's `next`: older ones. */
  readonly before?: string | undefined;
}

/** Newest first. */
export const listPackets = (
  api: Api,
  { signal, chain, limit, before }: PacketsParameters = {},
): Promise<z.infer<typeof packetList>> => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ chain, limit, before }))
    if (value !== undefined) query.set(name, String(value));
  return api.read(`/v1/packets?${query.toString()}`, packetList, { signal });
};

/** The facts are for whoever wants to explain them anew. */
const explained = traceAnswer.pick({ explanation: true });

/** Where a packet stands, in one sentence, and what comes next. */
export const explainPacket = async (api: Api, { id, signal }: PacketParameters): Promise<Explanation> =>
  (await api.read(`/v1/trace/${packetPath(id)}`, explained, { signal })).explanation;

/** What somebody's id names: a packet, a transaction, a lane, … Nothing is an empty list. */
export const search = (api: Api, query: string, options?: RequestOptions): Promise<SearchResult> =>
  api.read(`/v1/search?${new URLSearchParams({ q: query }).toString()}`, searchResult, options);

export const listLanes = async (api: Api, options?: RequestOptions): Promise<LaneView[]> =>
  (await api.read("/v1/lanes", laneList, options)).lanes;

export const listChains = async (api: Api, options?: RequestOptions): Promise<ChainView[]> =>
  (await api.read("/v1/chains", chainList, options)).chains;
