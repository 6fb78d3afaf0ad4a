// Opens a Cosmos chain: endpoints and the roles on top of them.
import type { AdapterDependencies, Chain } from "../adapter.ts";
import { createMeter } from "../rpc/meter.ts";
import { createPushes } from "../rpc/pushes.ts";
import { createPool } from "../rpc/pool.ts";
import { trustedViews } from "../rpc/trusted-views.ts";
import { readAccepted } from "./accepted.ts";
import { createAdmin } from "./admin.ts";
import { createApps } from "./apps.ts";
import { lazySender } from "./chain-sender.ts";
import { createCompare } from "./compare.ts";
import type { CosmosConfig } from "./config.ts";
import { createContext } from "./context.ts";
import type { ChainContext } from "./context.ts";
import { contradict } from "./contradict.ts";
import { describeTrusted } from "./describe.ts";
import { readHealth } from "./health.ts";
import { outstanding, recover } from "./history.ts";
import { readTrusted } from "./hosted/light-clients.ts";
import { createLookup } from "./lookup/lookup.ts";
import { prove } from "./prove.ts";
import { blockPusher } from "./rpc/block-pusher.ts";
import { createCometEndpoint } from "./rpc/comet-endpoint.ts";
import { readStanding } from "./standing.ts";
import { report } from "./submit/report.ts";
import { submit } from "./submit/submit.ts";
import { watch } from "./watch/watch.ts";

function connect(config: CosmosConfig, dependencies: AdapterDependencies): ChainContext {
  const { chainId, requestTimeoutSeconds: timeoutSeconds } = config;
  const { logger, now } = dependencies;
  const metered = config.endpoints.map(({ name, url }) => ({
    name,
    url,
    meter: createMeter(dependencies, chainId, name),
  }));
  const endpoints = createPool(
    metered.map((endpoint) => createCometEndpoint({ ...endpoint, chainId, timeoutSeconds })),
    { what: chainId, logger, now },
  );
  const newBlocks = createPushes(metered.map(({ url, meter }) => blockPusher(url, meter)));
  return createContext({ config, dependencies, endpoints, newBlocks });
}

/** Throws WRONG_CHAIN_ID or RPC_UNREACHABLE when no endpoint serves the configured chain. */
export async function openCosmosChain(config: CosmosConfig, dependencies: AdapterDependencies): Promise<Chain> {
  const context = connect(config, dependencies);
  const { endpoints } = context;
  await endpoints.use((endpoint) => endpoint.chainId());
  const sender = lazySender(context);
  return {
    chainId: config.chainId,
    source: {
      watch: (from, signal) => watch(context, from, signal),
      prove: (request, signal) => prove(context, request, signal),
      outstanding: (clientId) => outstanding(context, clientId),
      // Whatever an upgrade changes, headers and votes stay what they are.
      forksAhead: async () => [],
      recover: (clientId, sequences) => recover(context, clientId, sequences),
      compare: createCompare(context),
      contradict: (request, signal) => contradict(context, request, signal),
      describe: (state) => describeTrusted(context, state),
    },
    target: {
      trusted: (clientId) => endpoints.use((endpoint) => readTrusted(context, endpoint, clientId)),
      views: (clientId) => trustedViews(endpoints, (endpoint) => readTrusted(context, endpoint, clientId)),
      standing: (queries) => endpoints.use((endpoint) => readStanding(endpoint, queries)),
      submit: async (batch, signal) => submit(context, await sender(), batch, signal),
      accepted: (clientId, height) => readAccepted(context, clientId, height),
      report: async (evidence, signal) => report(context, await sender(), evidence, signal),
    },
    admin: createAdmin(context, sender),
    apps: createApps(context, sender),
    lookup: createLookup(context),
    health: () => readHealth(context, config.signer === undefined ? undefined : sender),
    // Other connections are shared with every chain; every wait is bounded or ends with its caller's signal.
    close: async () => context.newBlocks.close(),
  };
}
