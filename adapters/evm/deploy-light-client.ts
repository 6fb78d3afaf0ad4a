// Puts a light client contract with a given trusted state on the chain; no client id stands for it yet.
import { encodeDeployData } from "viem/utils";
import { CausewayError } from "#adapters/protocol/error.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import type { NewClient } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { toHex } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";
import { readContract } from "./rpc/read-contract.ts";
import { sendCall } from "./submit/send-call.ts";
import type { Sender } from "./submit/sender.ts";
import { decodeTrustedState } from "./verify/trusted-state.ts";

/** Throws UNSUPPORTED for a state that is not of a beacon light client. */
export async function deployLightClient(
  context: ChainContext,
  from: Sender,
  { clientType, state }: NewClient,
): Promise<Hex> {
  if (clientType !== "beacon" || decodeTrustedState(state) === undefined)
    throw new CausewayError("UNSUPPORTED", "the trusted state is not that of a beacon light client");
  // Loaded when needed: few processes ever create a light client.
  const { abi, bytecode } = await import("../../contracts/evm/bindings/BeaconLightClient.ts");
  // Whoever decides about the router decides, with the same delays, which forks the light client learns of.
  const authority = await context.execution.use((endpoint) =>
    readContract(endpoint, {
      abi: routerAbi,
      address: context.config.router,
      functionName: "authority",
      args: [],
    }),
  );
  const data = encodeDeployData({ abi, bytecode, args: [toHex(state), authority] });
  const { contractAddress } = await sendCall(context, from, { what: "deploy light client", data });
  if (contractAddress !== undefined && contractAddress !== null) return contractAddress;
  throw new CausewayError("TRANSACTION_REVERTED", "the light client was not created");
}
