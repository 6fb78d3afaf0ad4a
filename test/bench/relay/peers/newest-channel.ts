// The channel of IBC v1 that was opened last.
import { QueryChannelsRequest, QueryChannelsResponse } from "cosmjs-types/ibc/core/channel/v1/query";
import { State } from "cosmjs-types/ibc/core/channel/v1/channel";
import type { Way } from "../bench-chain.ts";
import { openCometRpc } from "../comet-rpc.ts";

const numberOf = (channelId: string): number => Number(channelId.split("-").at(-1));

/** Throws when none is open. */
export async function newestChannel(rpcUrl: string): Promise<Way> {
  const data = QueryChannelsRequest.encode(QueryChannelsRequest.fromPartial({})).finish();
  const bytes = await openCometRpc(rpcUrl).query("/ibc.core.channel.v1.Query/Channels", data);
  const newest = QueryChannelsResponse.decode(bytes)
    .channels.filter(({ state }) => state === State.STATE_OPEN)
    .toSorted((left, right) => numberOf(right.channelId) - numberOf(left.channelId))[0];
  if (newest === undefined) throw new Error(`no channel is open at ${rpcUrl}`);
  return { protocol: "v1", source: newest.channelId, destination: newest.counterparty.channelId };
}
