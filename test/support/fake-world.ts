// Any number of fake chains with any number of routes between them, and a configuration for a relayer of all of them.
import { parseConfig } from "#relayer/config-schema.ts";
import type { Config } from "#relayer/config-schema.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import type { Family } from "#relayer/family.ts";
import type { Route } from "#relayer/routes.ts";
import { FakeChain } from "./fake-chain.ts";
import { fakeFamily } from "./fake-family.ts";

export interface FakeWorld {
  readonly routes: readonly Route[];
  readonly family: Family;
  chain(id: string): FakeChain;
  /** One packet from the route's first chain to its second, or back. */
  send(route: number, direction?: "forth" | "back"): Packet;
  /** How many packets of the route its second chain received, or its first. */
  received(route: number, direction?: "forth" | "back"): number;
  /** The lane that brings packets to the route's second chain, or to its first. */
  lane(route: number, direction?: "forth" | "back"): string;
  startMining(interval: number): void;
  stop(): void;
}

/** `pairs`: the two chains of each route; the light clients of a route have the same name on both. */
export function makeFakeWorld(pairs: readonly (readonly [string, string])[]): FakeWorld {
  const chains = new Map([...new Set(pairs.flat())].map((id) => [id, new FakeChain(id)]));
  const chain = (id: string): FakeChain => {
    const found = chains.get(id);
    if (found === undefined) throw new Error(`no chain ${id}`);
    return found;
  };
  for (const each of chains.values()) each.mine(5n);
  const routes = pairs.map(([first, second], index): Route => {
    const client = `fake-client-${index}`;
    chain(first).createClient(client, chain(second).bootstrap());
    chain(second).createClient(client, chain(first).bootstrap());
    return [
      { chain: first, client },
      { chain: second, client },
    ];
  });
  const ends = (route: number, direction: "forth" | "back"): Route => {
    const [first, second] = routes[route] ?? [];
    if (first === undefined || second === undefined) throw new Error(`no route ${route}`);
    return direction === "forth" ? [first, second] : [second, first];
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    routes,
    family: fakeFamily(({ chainId }) => chain(chainId)),
    chain,
    send(route, direction = "forth") {
      const [from, to] = ends(route, direction);
      return chain(from.chain).send(from.client, to.client);
    },
    received(route, direction = "forth") {
      const [from, to] = ends(route, direction);
      return [...chain(to.chain).carriedOut.keys()].filter((name) => name.startsWith(`receive ${from.client}/`)).length;
    },
    lane(route, direction = "forth") {
      const [, to] = ends(route, direction);
      return `${to.chain}/${to.client}`;
    },
    startMining(interval) {
      timer = setInterval(() => {
        for (const each of chains.values()) each.mine();
      }, interval);
    },
    stop: () => clearInterval(timer),
  };
}

export interface FakeWorldOptions {
  readonly data: string;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly batch?: Readonly<Record<string, number>>;
  readonly timers?: Readonly<Record<string, number>>;
  readonly queueName?: string;
}

export function fakeWorldConfiguration(
  { routes, family }: Pick<FakeWorld, "routes" | "family">,
  options: FakeWorldOptions,
): Config {
  const ids = [...new Set(routes.flat().map(({ chain }) => chain))];
  const value = {
    data: options.data,
    chains: ids.map((chainId) => ({ family: "fake", chainId })),
    routes,
    http: { port: 0, requestsPerMinute: 1_000_000 },
    queue: { name: options.queueName ?? "causeway" },
    batch: options.batch ?? {},
    timers: { tick: 0.1, standby: 0.1, finalityPoll: 0.1, firstRetry: 0.1, longestRetry: 1, ...options.timers },
  };
  const environment = { DATABASE_URL: options.databaseUrl, REDIS_URL: options.redisUrl };
  return parseConfig(value, "test configuration", { families: [family], environment });
}
