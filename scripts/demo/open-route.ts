// Opens a route between two chains: a light client of each on the other, each naming the other as counterparty.
import type { Chain } from "#adapters/adapter.ts";
import type { Route } from "#relayer/routes.ts";

/** Seconds. Nobody keeps a demo's light clients alive for longer. */
const TRUSTING_PERIOD = 86_400n;

export async function openRoute(first: Chain, second: Chain): Promise<Route> {
  const follow = async (source: Chain, host: Chain): Promise<string> =>
    host.admin.createClient(await source.admin.bootstrap({ trustingPeriod: TRUSTING_PERIOD }));
  const [onFirst, onSecond] = await Promise.all([follow(second, first), follow(first, second)]);
  await Promise.all([
    first.admin.registerCounterparty(onFirst, onSecond),
    second.admin.registerCounterparty(onSecond, onFirst),
  ]);
  return [
    { chain: first.chainId, client: onFirst },
    { chain: second.chainId, client: onSecond },
  ];
}
