// Finds the update behind what a light client believes about a height: its event says which transaction brought it, and the transaction's
// message holds the evidence.
import { MsgExec } from "cosmjs-types/cosmos/authz/v1beta1/tx";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { MsgUpdateClient } from "cosmjs-types/ibc/core/client/v1/tx";
import { Header } from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import { ClientMessage } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import type { AcceptedUpdate } from "../misbehaviour.ts";
import type { TrustedClient } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { TAG } from "./hosted/beacon-kind.ts";
import { updateHeight } from "./hosted/beacon-update.ts";
import { kindOf } from "./hosted/kind-of.ts";
import { readTrusted } from "./hosted/light-clients.ts";
import { canonicalUpdate } from "./light-blocks/canonical-update.ts";
import type { CometEndpoint } from "./rpc/comet-endpoint.ts";
import { toUpperHex } from "./rpc/block.ts";
import { decodeTransaction } from "./submit/transaction.ts";
import { cometUpdate } from "./verify/evidence.ts";
import { decodeTrustedState } from "./verify/trusted-state.ts";

/** Throws CLIENT_NOT_FOUND, RPC_UNREACHABLE. An endpoint that finds nothing does not decide alone. */
export async function readAccepted(context: ChainContext, clientId: string, height: bigint): Promise<AcceptedUpdate> {
  const { answer } = await context.endpoints.consult(
    (endpoint) => readFrom(context, endpoint, clientId, height),
    ({ ok }) => ok,
  );
  return answer;
}

/** The newest of those that brought it: what is looked for happened a short while ago. */
const MOST_TRANSACTIONS = 10;

async function readFrom(
  context: ChainContext,
  endpoint: CometEndpoint,
  clientId: string,
  height: bigint,
): Promise<AcceptedUpdate> {
  const trusted = await readTrusted(context, endpoint, clientId);
  const { revisionNumber, revisionHeight } = kindOf(trusted.clientType).proofHeight(trusted.state, height);
  const query = `update_client.client_id='${clientId}' AND update_client.consensus_heights='${revisionNumber}-${revisionHeight}'`;
  const { txs } = await endpoint.ask((comet) =>
    comet.txSearch({ query, order_by: "desc", per_page: MOST_TRANSACTIONS }),
  );
  let why = `no update brought height ${height} to ${clientId}: it was created with it, or its transactions are not served`;
  for (const { tx, hash } of txs) {
    const transaction = toUpperHex(hash);
    const update = evidenceIn(tx, trusted, height);
    if (update !== undefined) return { ok: true, update, transaction };
    why = `transaction ${transaction}, which brought height ${height}, shows no update of it`;
  }
  return { ok: false, why };
}

/** The evidence about that height that a transaction brought to the light client, in canonical form; undefined for anything else. */
export function evidenceIn(transaction: Uint8Array, trusted: TrustedClient, height: bigint): Uint8Array | undefined {
  try {
    return updatesIn(decodeTransaction(transaction).messages, trusted.clientId)
      .map((message) => canonicalIn(message, trusted, height))
      .find((found) => found !== undefined);
  } catch {
    return undefined;
  }
}

/** Client messages for the light client, also those that one account sends in the name of another. */
function updatesIn(messages: readonly Any[], clientId: string): Any[] {
  const direct = messages.flatMap((message) =>
    message.typeUrl === MsgExec.typeUrl ? MsgExec.decode(message.value).msgs : [message],
  );
  return direct.flatMap(({ typeUrl, value }) => {
    if (typeUrl !== MsgUpdateClient.typeUrl) return [];
    const update = MsgUpdateClient.decode(value);
    return update.clientId === clientId && update.clientMessage !== undefined ? [update.clientMessage] : [];
  });
}

function canonicalIn({ typeUrl, value }: Any, trusted: TrustedClient, height: bigint): Uint8Array | undefined {
  if (typeUrl === Header.typeUrl) return canonicalHeader(value, trusted, height);
  if (typeUrl !== ClientMessage.typeUrl) return undefined;
  const { data } = ClientMessage.decode(value);
  const update = data.subarray(1);
  return data[0] === TAG.update && updateHeight(update) === height ? update : undefined;
}

/** Other relayers send more than is needed: all votes, and what no hash covers. */
function canonicalHeader(bytes: Uint8Array, { state }: TrustedClient, height: bigint): Uint8Array | undefined {
  const update = cometUpdate.decode(bytes);
  const { header, commit } = update.signedHeader ?? {};
  const [validators, trustedValidators] = [update.validatorSet?.validators, update.trustedValidators?.validators];
  const known = decodeTrustedState(state);
  if (header?.height !== height || !commit || !validators || !trustedValidators || !known) return undefined;
  const block = { header, commit, validators };
  const step = { block, trustedHeight: update.trustedHeight.revisionHeight, trustedValidators };
  return cometUpdate.encode(canonicalUpdate(step, known));
}
