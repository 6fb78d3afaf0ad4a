// What the router says about a light client it hosts, and what the light client says about itself.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { abi as lightClientAbi } from "../../contracts/evm/bindings/ILightClient.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import type { TrustedClient } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { kindOf } from "./hosted/kinds.ts";
import { getHead } from "./rpc/block-header.ts";
import { fromHex } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";
import { readAll, readContract } from "./rpc/read-contract.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";

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
/** Unix seconds at which a transaction sent now would run: the pending block's time, where the node tells it. */
export async function clock(endpoint: RpcEndpoint): Promise<bigint> {
  return clockOf(await getHead(endpoint));
}

const clockOf = ({ head, nextTimestamp = 0n }: Awaited<ReturnType<typeof getHead>>): bigint =>
  nextTimestamp > head.timestamp ? nextTimestamp : head.timestamp;

/**
 * In the endpoint's newest state; within one block it stays the same, however often a batch has to look. Throws CLIENT_NOT_FOUND,
 * CONTRACT_MISSING, UNSUPPORTED for a light client type we cannot read.
 */
export async function readTrusted(
  context: ChainContext,
  endpoint: RpcEndpoint,
  clientId: string,
): Promise<TrustedClient> {
  const newest = await getHead(endpoint);
  const state = await context.trusted(`${newest.head.hash} ${endpoint.name} ${clientId}`, async () => {
    const { lightClient } = await readRegistered(context, endpoint, clientId);
    return readState(endpoint, lightClient, clientId);
  });
  return { ...state, now: clockOf(newest) };
}

/** A light client contract, whether or not `clientId` stands for it yet. Throws CONTRACT_MISSING, UNSUPPORTED. */
export async function readLightClient(endpoint: RpcEndpoint, address: Hex, clientId: string): Promise<TrustedClient> {
  const [state, now] = await Promise.all([readState(endpoint, address, clientId), clock(endpoint)]);
  return { ...state, now };
}

async function readState(endpoint: RpcEndpoint, address: Hex, clientId: string): Promise<Omit<TrustedClient, "now">> {
  const [encoded, status, clientType] = await readAll(endpoint, {
    abi: lightClientAbi,
    address,
    functionNames: ["clientState", "status", "clientType"],
  });
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
  };
}
