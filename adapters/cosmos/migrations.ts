// Putting another light client behind a client id: on an ibc-go chain only its governance can, all at once.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ClientMigrations } from "../migration.ts";
import type { ChainContext } from "./context.ts";
import { readTrusted } from "./hosted/light-clients.ts";

export function createMigrations(context: ChainContext): ClientMigrations {
  const { config, endpoints } = context;
  const refuse = async (): Promise<never> => {
    throw new CausewayError(
      "UNSUPPORTED",
      `on ${config.chainId} a light client is replaced by governance, not by an account's key`,
      {
        hint:
          "create another light client of the same chain, and propose /ibc.core.client.v1.MsgRecoverClient with the " +
          "frozen or expired one as `subject_client_id` and the new one as `substitute_client_id`",
        context: { chainId: config.chainId },
      },
    );
  };
  return {
    // There is no delay in which something would be scheduled: a proposal that passes is carried out at once.
    async scheduled(clientId) {
      await endpoints.use((endpoint) => readTrusted(context, endpoint, clientId));
      return [];
    },
    schedule: refuse,
    prepare: refuse,
    execute: refuse,
    cancel: refuse,
  };
}
