// Opens a route between two chains: a light client of each on the other, each naming the other as counterparty.
import type { Chain } from "#adapters/adapter.ts";
import type { Route } from "#relayer/routes.ts";

/** `trustingPeriod`: seconds after which a light client that was not updated expires. */
export async function openRoute(first: Chain, second: Chain, trustingPeriod: bigint): Promise<Route> {
  const follow = async (source: Chain, host: Chain): Promise<string> =>
    host.admin.createClient(await source.admin.bootstrap({ trustingPeriod }));
  const [onFirst, onSecond] = await Promise.all([follow(second, first), follow(first, second)]);
  await Promise.all([
    first.admin.registerCounterparty(onFirst, { clientId: onSecond, ...second.admin.terms }),
    second.admin.registerCounterparty(onSecond, { clientId: onFirst, ...first.admin.terms }),
  ]);
  return [
    { chain: first.chainId, client: onFirst },
    { chain: second.chainId, client: onSecond },
  ];
}
