// Opening a lane: light clients on an ibc-go chain, and what their counterparties have to know of it.
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainAdmin, CounterpartyTerms } from "../chain-admin.ts";
import type { ChainContext } from "./context.ts";
import { registerCounterparty } from "./counterparty.ts";
import { createClient } from "./create-client.ts";
import { readTrusted } from "./hosted/light-clients.ts";
import { bootstrap } from "./light-blocks/bootstrap.ts";
import { createMigrations } from "./migrations.ts";
import type { Sender } from "./submit/sender.ts";
import { encodeTrustedState } from "./verify/trusted-state.ts";

const terms: CounterpartyTerms = {
  // The packet store's name, and what comes before a path in it.
  merklePrefix: [utf8ToBytes("ibc"), new Uint8Array()],
  maxPayloads: 1,
};

export function createAdmin(context: ChainContext, sender: () => Promise<Sender>): ChainAdmin {
  const { endpoints } = context;
  return {
    async bootstrap({ trustingPeriod }) {
      const state = await bootstrap(context, { trustingPeriod });
      return { clientType: "cometbft", state: encodeTrustedState(state) };
    },
    createClient: async (client) => createClient(context, await sender(), client),
    // A CometBFT chain signs in the same way whatever its application's version is.
    missingForks: async () => [],
    async addFork(clientId) {
      const { clientType } = await endpoints.use((endpoint) => readTrusted(context, endpoint, clientId));
      if (clientType === "cometbft")
        throw new CausewayError("INVALID_ARGUMENT", `light client ${clientId} keeps no table of forks`, {
          context: { clientId },
        });
      throw new CausewayError("UNSUPPORTED", `light client ${clientId} is told of forks by its chain's governance`, {
        hint: "propose /ibc.lightclients.wasm.v1.MsgMigrateContract, or a new light client and /ibc.core.client.v1.MsgRecoverClient",
        context: { clientId },
      });
    },
    registerCounterparty: (clientId, counterparty) => registerCounterparty(context, sender, clientId, counterparty),
    terms,
    migrations: createMigrations(context, sender),
  };
}
