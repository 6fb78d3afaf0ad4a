// A relayer with a long past, as a process of its own. Its first argument is an ExplorerChildOptions as JSON. It writes its address
// once it answers, and sends one more packet for every line it is given.
import { createInterface } from "node:readline";
import { parseConfig } from "#relayer/config-schema.ts";
import { openDatabase } from "#relayer/database/open.ts";
import { registerLanes } from "#relayer/packets/lanes.ts";
import { openProofLog } from "#relayer/proof-log/open.ts";
import { createRoutes } from "#relayer/routes.ts";
import { startEngine } from "#relayer/start-engine.ts";
import { FakeChain } from "#test/support/fake-chain.ts";
import { fakeFamily } from "#test/support/fake-family.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { fill } from "./explorer/fill.ts";
import { liveRoute, routes as pastRoutes } from "./explorer/history.ts";

export interface ExplorerChildOptions {
  readonly data: string;
  readonly packets: number;
}

const routes = [...pastRoutes, liveRoute];
const { data, packets } = JSON.parse(process.argv[2] ?? "{}") as ExplorerChildOptions;
const chains = new Map(["fake:a", "fake:b", "fake:c", "fake:d"].map((id) => [id, new FakeChain(id)]));
const chain = (id: string): FakeChain => chains.get(id) ?? new FakeChain(id);
for (const each of chains.values()) each.mine(5n);
for (const [a, b] of routes) {
  chain(a.chain).createClient(a.client, chain(b.chain).bootstrap());
  chain(b.chain).createClient(b.client, chain(a.chain).bootstrap());
}
const family = fakeFamily(({ chainId }) => chain(chainId));
const value = {
  data,
  chains: [...chains.keys()].map((chainId) => ({ family: "fake", chainId })),
  routes,
  http: { port: 0, requestsPerMinute: 1_000_000 },
};
const config = parseConfig(value, "the benchmark's configuration", { families: [family], environment: {} });

const database = await openDatabase({ dataDir: data, logger: testLogger });
await registerLanes(database.pool, createRoutes(routes));
const log = await openProofLog(database.pool, { dataDir: data, logger: testLogger });
await fill(database.pool, log, packets, Date.now());
// What is on its way in that past has nothing on these chains: it stays where it is, and what comes new is only watched.
await database.pool.query(
  "update lanes set paused_at = now(), paused_by = 'benchmark', paused_because = 'these chains are empty' where id <> all($1)",
  [liveRoute.map(({ chain, client }) => `${chain}/${client}`)],
);
await log.close();
const relayer = await startEngine(config, [family], { logger: testLogger });
await database.close();

const mining = setInterval(() => {
  for (const each of chains.values()) each.mine();
}, 200);
const [from, to] = liveRoute;
createInterface({ input: process.stdin })
  .on("line", () => {
    chain(from.chain).send(from.client, to.client);
  })
  .once("close", () => {
    clearInterval(mining);
    void relayer.stop();
  });
process.stdout.write(`${relayer.url}\n`);
