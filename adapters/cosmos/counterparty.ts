// The counterparty that a light client of this chain was given.
import { QueryCounterpartyInfoRequest, QueryCounterpartyInfoResponse } from "cosmjs-types/ibc/core/client/v2/query";
import { MsgRegisterCounterparty } from "cosmjs-types/ibc/core/client/v2/tx";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Counterparty } from "../chain-admin.ts";
import type { ChainContext } from "./context.ts";
import { readTrusted } from "./hosted/light-clients.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { isNotFound } from "./rpc/not-found.ts";
import { query } from "./rpc/query.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { anyOf } from "./submit/messages.ts";
import { sendMessages } from "./submit/send-messages.ts";
import type { Sender } from "./submit/sender.ts";

interface Registered {
  readonly clientId: string;
  readonly merklePrefix: readonly Uint8Array[];
}

/** Undefined before it is registered. */
export async function readCounterparty(endpoint: CometEndpoint, clientId: string): Promise<Registered | undefined> {
  try {
    const path = "/ibc.core.client.v2.Query/CounterpartyInfo";
    const types = [QueryCounterpartyInfoRequest, QueryCounterpartyInfoResponse] as const;
    return (await query(endpoint, path, types, { clientId })).counterpartyInfo;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const isSame = (registered: Registered, wanted: Counterparty): boolean =>
  registered.clientId === wanted.clientId &&
  registered.merklePrefix.length === wanted.merklePrefix.length &&
  registered.merklePrefix.every((part, index) => equalBytes(part, wanted.merklePrefix[index] ?? new Uint8Array([0])));

/** Throws CLIENT_NOT_FOUND; INVALID_ARGUMENT when another one is registered, which cannot change; what sending throws. */
export async function registerCounterparty(
  context: ChainContext,
  sender: () => Promise<Sender>,
  clientId: string,
  counterparty: Counterparty,
): Promise<void> {
  const registered = await context.endpoints.use(async (endpoint) => {
    await readTrusted(context, endpoint, clientId);
    return readCounterparty(endpoint, clientId);
  });
  if (registered !== undefined && isSame(registered, counterparty)) return;
  if (registered !== undefined)
    throw new CausewayError(
      "INVALID_ARGUMENT",
      `${clientId} follows ${registered.clientId} already, which cannot change to ${counterparty.clientId}`,
      { hint: "create another light client for this counterparty", context: { clientId } },
    );
  const from = await sender();
  const message = anyOf(MsgRegisterCounterparty, {
    clientId,
    counterpartyMerklePrefix: [...counterparty.merklePrefix],
    counterpartyClientId: counterparty.clientId,
    signer: from.signer.address,
  });
  await sendMessages(context, from, { what: "register counterparty", messages: [message] });
}
