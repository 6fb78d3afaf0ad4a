// Opens an EVM chain: endpoints, consensus and the roles on top of them.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { AdapterDependencies, Chain } from "../adapter.ts";
import { readAccepted } from "./accepted.ts";
import { createAdmin } from "./admin.ts";
import { createApps } from "./apps.ts";
import { lazySender } from "./chain-sender.ts";
import { createCompare } from "./compare/compare.ts";
import type { EvmConfig } from "./config.ts";
import { createBeaconConsensus } from "./consensus/beacon-consensus.ts";
import { createBeaconEndpoint } from "./consensus/beacon-api.ts";
import { finalityPusher } from "./consensus/finality-pusher.ts";
import type { ChainContext } from "./context.ts";
import { contradict } from "./contradict.ts";
import { describeTrusted } from "./describe.ts";
import { forksAhead } from "./forks-ahead.ts";
import { readHealth } from "./health.ts";
import { createOutstanding, recover } from "./history.ts";
import { readTrusted } from "./light-clients.ts";
import { createLookup } from "./lookup/lookup.ts";
import { prove } from "./prove.ts";
import { blockPusher } from "./rpc/block-pusher.ts";
import { hexData } from "./rpc/hex.ts";
import { createMeter } from "../rpc/meter.ts";
import type { Meter } from "../rpc/meter.ts";
import { createPushes } from "../rpc/pushes.ts";
import { createPool } from "../rpc/pool.ts";
import { remember } from "../rpc/remember.ts";
import { trustedViews } from "../rpc/trusted-views.ts";
import { createRpcEndpoint } from "./rpc/create-rpc-endpoint.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";
import { createKnownGas } from "../submit/known-gas.ts";
import { readStanding } from "./standing.ts";
import { report } from "./submit/report.ts";
import { submit } from "./submit/submit.ts";
import { watch } from "./watch/watch.ts";

const CLIENTS_REMEMBERED = 64;

function createContext(config: EvmConfig, dependencies: AdapterDependencies): ChainContext {
  const { logger, now } = dependencies;
  const chainId = BigInt(config.chainId.slice("eip155:".length));
  const timeoutSeconds = config.requestTimeoutSeconds;
  const meter = (name: string): Meter => createMeter(dependencies, config.chainId, name);
  const execution = createPool(
    config.endpoints.map(({ name, url }) =>
      createRpcEndpoint({ name, url, chainId, timeoutSeconds, meter: meter(name) }),
    ),
    { what: `${config.chainId} execution`, logger, now },
  );
  const beacon = createPool(
    config.consensus.endpoints.map(({ name, url }) =>
      createBeaconEndpoint({ name, url, timeoutSeconds, meter: meter(name) }),
    ),
    { what: `${config.chainId} consensus`, logger, now },
  );
  const newFinality = createPushes(config.consensus.endpoints.map(({ name, url }) => finalityPusher(url, meter(name))));
  return {
    config,
    dependencies,
    execution,
    consensus: createBeaconConsensus({ chainId, beacon, execution, newFinality, logger }),
    newBlocks: createPushes(config.endpoints.map(({ name, url }) => blockPusher(url, meter(name)))),
    trusted: remember(CLIENTS_REMEMBERED),
    knownGas: createKnownGas(),
  };
}

async function requireRouter({ config }: ChainContext, endpoint: RpcEndpoint): Promise<void> {
  const code = await endpoint.call({ method: "eth_getCode", params: [config.router, "latest"] }, hexData());
  if (code !== "0x") return;
  throw new CausewayError("CONTRACT_MISSING", `there is no packet router at ${config.router} on ${config.chainId}`, {
    hint: `correct \`router\` of ${config.chainId}, or deploy the contracts`,
    context: { chainId: config.chainId, router: config.router },
  });
}

/** Throws WRONG_CHAIN_ID, RPC_UNREACHABLE or CONTRACT_MISSING when no endpoint serves the configured chain. */
export async function openEvmChain(config: EvmConfig, dependencies: AdapterDependencies): Promise<Chain> {
  const context = createContext(config, dependencies);
  const { execution } = context;
  await execution.use((endpoint) => requireRouter(context, endpoint));
  const sender = lazySender(context);
  const outstanding = createOutstanding(context);
  return {
    chainId: config.chainId,
    source: {
      watch: (from, signal) => watch(context, from, signal),
      prove: (request, signal) => prove(context, request, signal),
      outstanding,
      forksAhead: (client) => forksAhead(context, client),
      recover: (clientId, sequences) => recover(context, clientId, sequences),
      compare: createCompare(context),
      contradict: (request, signal) => contradict(context, request, signal),
      describe: (state) => describeTrusted(context, state),
    },
    target: {
      trusted: (clientId) => execution.use((endpoint) => readTrusted(context, endpoint, clientId)),
      views: (clientId) => trustedViews(execution, (endpoint) => readTrusted(context, endpoint, clientId)),
      standing: (queries) => execution.use((endpoint) => readStanding(context, endpoint, queries)),
      submit: async (batch, signal) => submit(context, await sender(), batch, signal),
      accepted: (clientId, height) => readAccepted(context, clientId, height),
      report: async (evidence, signal) => report(context, await sender(), evidence, signal),
    },
    admin: createAdmin(context, sender),
    apps: createApps(context, sender),
    lookup: createLookup(context),
    health: () => readHealth(context, config.signer === undefined ? undefined : sender),
    // Other connections are shared with every chain; every wait is bounded or ends with its caller's signal.
    close: async () => {
      context.newBlocks.close();
      context.consensus.newFinality.close();
    },
  };
}
