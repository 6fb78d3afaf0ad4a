// What the router says about a light client it hosts, and what the light client says about itself.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { abi as lightClientAbi } from "../../contracts/evm/bindings/ILightClient.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import type { TrustedClient } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { kindOf } from "./hosted/kinds.ts";
import { getHeader } from "./rpc/block-header.ts";
import { fromHex, quantity } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";
import { readContract } from "./rpc/read-contract.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";
import { z } from "zod";

export interface RegisteredClient {
  readonly lightClient: Hex;
  /** Empty until registered. */
  readonly counterpartyClientId: string;
  readonly merklePrefix: readonly Hex[];
  /** 0 until registered. */
  readonly maxPayloads: number;
  readonly nextSequenceSend: bigint;
}

/** Throws CLIENT_NOT_FOUND, CONTRACT_MISSING. */
export async function readRegistered(
  { config }: ChainContext,
  endpoint: RpcEndpoint,
  clientId: string,
  height?: bigint,
): Promise<RegisteredClient> {
  try {
    return await readContract(endpoint, {
      abi: routerAbi,
      address: config.router,
      functionName: "getClient",
      args: [clientId],
      height,
    });
  } catch (error) {
    if (!isCausewayError(error) || error.context["error"] !== "ClientNotFound") throw error;
    throw new CausewayError("CLIENT_NOT_FOUND", `${config.chainId} hosts no light client ${clientId}`, {
      context: { chainId: config.chainId, clientId },
      cause: error,
    });
  }
}

const statuses = ["active", "frozen", "expired"] as const;
const pendingBlock = z.object({ timestamp: quantity }).nullable();

/** Unix seconds at which a transaction sent now would run: the pending block's time, where the node tells it. */
export async function clock(endpoint: RpcEndpoint): Promise<bigint> {
  const [head, pending] = await Promise.all([
    getHeader(endpoint, "latest"),
    endpoint.ask({ method: "eth_getBlockByNumber", params: ["pending", false] }),
  ]);
  const parsed = pending.ok ? pendingBlock.safeParse(pending.result) : undefined;
  const timestamp = parsed?.data?.timestamp ?? 0n;
  return timestamp > head.timestamp ? timestamp : head.timestamp;
}

/** Throws CLIENT_NOT_FOUND, CONTRACT_MISSING, UNSUPPORTED for a light client type we cannot read. */
export async function readTrusted(
  context: ChainContext,
  endpoint: RpcEndpoint,
  clientId: string,
): Promise<TrustedClient> {
  const { lightClient } = await readRegistered(context, endpoint, clientId);
  return readLightClient(endpoint, lightClient, clientId);
}

/** A light client contract, whether or not `clientId` stands for it yet. Throws CONTRACT_MISSING, UNSUPPORTED. */
export async function readLightClient(endpoint: RpcEndpoint, address: Hex, clientId: string): Promise<TrustedClient> {
  const asked = { abi: lightClientAbi, address, args: [] } as const;
  const [encoded, status, clientType, now] = await Promise.all([
    readContract(endpoint, { ...asked, functionName: "clientState" }),
    readContract(endpoint, { ...asked, functionName: "status" }),
    readContract(endpoint, { ...asked, functionName: "clientType" }),
    clock(endpoint),
  ]);
  const kind = kindOf(clientType);
  const state = fromHex(encoded);
  const read = kind.read(state);
  if (read === undefined)
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: the state of ${clientId} does not decode`, {
      context: { endpoint: endpoint.name, clientId },
    });
  return {
    clientId,
    clientType,
    state,
    status: statuses[status] ?? "frozen",
    height: read.height,
    timestamp: read.timestamp,
    expiresAt: read.expiresAt,
    now,
  };
}
