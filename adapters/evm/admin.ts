// Opening a lane: light clients deployed and registered at the router, and what their counterparties have to know.
import { decodeEventLog, encodeFunctionData } from "viem/utils";
import { CausewayError } from "#adapters/protocol/error.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import type { ChainAdmin, Counterparty, CounterpartyTerms } from "../chain-admin.ts";
import { addFork } from "./add-fork.ts";
import type { ChainContext } from "./context.ts";
import { deployLightClient } from "./deploy-light-client.ts";
import { missingForks } from "./forks-ahead.ts";
import { readRegistered } from "./light-clients.ts";
import type { RegisteredClient } from "./light-clients.ts";
import { createMigrations } from "./migrations.ts";
import { toHex } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";
import { sendCall } from "./submit/send-call.ts";
import type { Receipt } from "./submit/receipt.ts";
import type { Sender } from "./submit/sender.ts";
import { encodeTrustedState } from "./verify/trusted-state.ts";

const terms: CounterpartyTerms = {
  // The path is appended to the last element; an EVM store has no level above it.
  merklePrefix: [new Uint8Array()],
  maxPayloads: 8,
};

export function createAdmin(context: ChainContext, sender: () => Promise<Sender>): ChainAdmin {
  const { config, consensus, execution } = context;
  return {
    async bootstrap({ trustingPeriod }) {
      const state = await consensus.bootstrap({ router: config.router, trustingPeriod });
      return { clientType: "beacon", state: encodeTrustedState(state) };
    },
    async createClient(client) {
      const from = await sender();
      const address = await deployLightClient(context, from, client);
      const created = await sendCall(context, from, {
        what: "create client",
        to: config.router,
        data: encodeFunctionData({ abi: routerAbi, functionName: "createClient", args: [address] }),
      });
      return createdClientId(created, config.router);
    },
    missingForks: (client) => missingForks(context, client),
    addFork: async (clientId, fork) => addFork(context, await sender(), clientId, fork),
    async registerCounterparty(clientId, counterparty) {
      const prefix = counterparty.merklePrefix.map(toHex);
      const registered = await execution.use((endpoint) => readRegistered(context, endpoint, clientId));
      if (registered.counterpartyClientId !== "") return requireSame(clientId, registered, counterparty, prefix);
      const args = [clientId, counterparty.clientId, prefix, counterparty.maxPayloads] as const;
      await sendCall(context, await sender(), {
        what: "register counterparty",
        to: config.router,
        data: encodeFunctionData({ abi: routerAbi, functionName: "registerCounterparty", args }),
      });
    },
    terms,
    migrations: createMigrations(context, sender),
  };
}

/** Nothing of what is registered ever changes. */
function requireSame(
  clientId: string,
  { counterpartyClientId, merklePrefix, maxPayloads }: RegisteredClient,
  wanted: Counterparty,
  prefix: readonly Hex[],
): void {
  const elements = (all: readonly Hex[]): string => `[${all.join(", ")}]`;
  const isClient = counterpartyClientId === wanted.clientId;
  if (isClient && elements(merklePrefix) === elements(prefix) && maxPayloads === wanted.maxPayloads) return;
  const what = isClient
    ? `takes ${maxPayloads} payloads under ${elements(merklePrefix)}, not ${wanted.maxPayloads} under ${elements(prefix)}`
    : `cannot change to ${wanted.clientId}`;
  throw new CausewayError("INVALID_ARGUMENT", `${clientId} follows ${counterpartyClientId} already, which ${what}`, {
    hint: "create another light client for this counterparty",
    context: { clientId },
  });
}

function createdClientId({ logs }: Receipt, router: Hex): string {
  for (const { address, topics, data } of logs) {
    const [signature, ...indexed] = topics;
    if (address !== router || signature === undefined) continue;
    const { eventName, args } = decodeEventLog({ abi: routerAbi, topics: [signature, ...indexed], data });
    if (eventName === "ClientCreated") return args.clientId;
  }
  throw new CausewayError("RPC_BAD_ANSWER", "the receipt of the created light client names no client id");
}
