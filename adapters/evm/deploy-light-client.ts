// Puts a light client contract with a given trusted state on the chain; no client id stands for it yet.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { NewClient } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { kindOf } from "./hosted/kinds.ts";
import type { Hex } from "./rpc/hex.ts";
import { sendCall } from "./submit/send-call.ts";
import type { Sender } from "./submit/sender.ts";

/** Throws UNSUPPORTED for a state that no light client can begin with here, and what its kind's creation throws. */
export async function deployLightClient(context: ChainContext, from: Sender, client: NewClient): Promise<Hex> {
  const kind = kindOf(client.clientType);
  if (kind.read(client.state) === undefined)
    throw new CausewayError("UNSUPPORTED", `the trusted state is not that of a ${kind.clientType} light client`);
  const data = await kind.creationCode(context, from, client.state);
  const { contractAddress } = await sendCall(context, from, { what: "deploy light client", data });
  if (contractAddress !== undefined && contractAddress !== null) return contractAddress;
  throw new CausewayError("TRANSACTION_REVERTED", "the light client was not created");
}
