// Light clients of other chains, created on this one.
import { MsgCreateClient } from "cosmjs-types/ibc/core/client/v1/tx";
import { ClientState, ConsensusState } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import { CausewayError } from "#adapters/protocol/error.ts";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import type { NewClient } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { beaconFields } from "./hosted/beacon-state.ts";
import { newCometClient } from "./hosted/comet-client.ts";
import { kindOf } from "./hosted/kind-of.ts";
import { attributeOf } from "./submit/included.ts";
import { anyOf } from "./submit/messages.ts";
import { sendMessages } from "./submit/send-messages.ts";
import type { Sender } from "./submit/sender.ts";
import { decodeTrustedState } from "./verify/trusted-state.ts";
import { ensureWasmCode } from "./wasm-code.ts";

type States = Pick<MsgCreateClient, "clientState" | "consensusState">;

const unusable = (clientType: string): CausewayError =>
  new CausewayError("INVALID_ARGUMENT", `the bytes are no state of a ${clientType} light client`, {
    context: { clientType },
  });

/** Our contract keeps the canonical state; a consensus state is its time. */
function newBeaconClient(state: Uint8Array, checksum: Uint8Array): States {
  const fields = beaconFields(state);
  if (fields === undefined) throw unusable("beacon");
  const latestHeight = { revisionNumber: 0n, revisionHeight: fields.latestHeight };
  return {
    clientState: anyOf(ClientState, { data: state, checksum, latestHeight }),
    consensusState: anyOf(ConsensusState, { data: uint64BigEndian(fields.latestTimestamp) }),
  };
}

async function statesOf(context: ChainContext, sender: Sender, { clientType, state }: NewClient): Promise<States> {
  kindOf(clientType);
  if (clientType === "beacon") {
    if (beaconFields(state) === undefined) throw unusable(clientType);
    return newBeaconClient(state, await ensureWasmCode(context, sender));
  }
  const decoded = decodeTrustedState(state);
  if (decoded === undefined) throw unusable(clientType);
  return newCometClient(decoded);
}

/** Returns the client id. Throws UNSUPPORTED for a type that this chain cannot host, and what governance and sending throw. */
export async function createClient(context: ChainContext, sender: Sender, client: NewClient): Promise<string> {
  const states = await statesOf(context, sender, client);
  const message = anyOf(MsgCreateClient, { ...states, signer: sender.signer.address });
  const included = await sendMessages(context, sender, { what: "create client", messages: [message] });
  const clientId = attributeOf(included, "create_client", "client_id");
  if (clientId !== undefined) return clientId;
  throw new CausewayError("RPC_BAD_ANSWER", `transaction ${included.id} created a light client without naming it`);
}
