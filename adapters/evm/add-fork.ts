// Putting a fork at the end of the table of a light client that this chain hosts.
import { encodeFunctionData } from "viem/utils";
import type { DelayedAction } from "#adapters/chain-admin.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { abi } from "../../contracts/evm/bindings/BeaconLightClient.ts";
import type { ChainContext } from "./context.ts";
import { readRegistered, readTrusted } from "./light-clients.ts";
import { readContract } from "./rpc/read-contract.ts";
import { delayedCall } from "./submit/delayed-call.ts";
import type { Sender } from "./submit/sender.ts";
import { decodeFork, decodeTrustedState, encodeFork } from "./verify/trusted-state.ts";

/**
 * Does the next step that is due; nothing when the row is there. Throws NOT_AUTHORIZED, and CLIENT_FROZEN or CLIENT_EXPIRED, which no row
 * would help; a row that does not fit is TRANSACTION_REVERTED with the contract's reason.
 */
export async function addFork(
  context: ChainContext,
  sender: Sender,
  clientId: string,
  bytes: Uint8Array,
): Promise<DelayedAction> {
  const row = decodeFork(bytes);
  if (row === undefined)
    throw new CausewayError("INVALID_ARGUMENT", "the fork is not one row of a beacon light client's table");
  const { trusted, lightClient, manager } = await context.execution.use(async (endpoint) => {
    const { lightClient: address } = await readRegistered(context, endpoint, clientId);
    return {
      trusted: await readTrusted(context, endpoint, clientId),
      lightClient: address,
      manager: await readContract(endpoint, { abi, address, functionName: "authority", args: [] }),
    };
  });
  if (trusted.clientType !== "beacon")
    throw new CausewayError(
      "UNSUPPORTED",
      `light client ${clientId} is of type ${trusted.clientType}: it has no forks`,
    );
  const known = decodeTrustedState(trusted.state)?.forks ?? [];
  if (known.some((one) => Buffer.compare(encodeFork(one), bytes) === 0)) return { status: "done" };
  if (trusted.status !== "active")
    throw new CausewayError(
      trusted.status === "frozen" ? "CLIENT_FROZEN" : "CLIENT_EXPIRED",
      `light client ${clientId} is ${trusted.status}: no fork would bring it back`,
      { context: { clientId } },
    );
  const data = encodeFunctionData({ abi, functionName: "addFork", args: [row] });
  return delayedCall(context, sender, { what: "add fork", manager, target: lightClient, data });
}
