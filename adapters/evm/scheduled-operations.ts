// What was scheduled at the router's access manager, by its own events: delayed acts of the chain's admins.
import { decodeEventLog, encodeEventTopics } from "viem/utils";
import { abi } from "../../contracts/evm/bindings/AccessManager.ts";
import type { ChainContext } from "./context.ts";
import { allLogs } from "./rpc/all-logs.ts";
import { quantity } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";
import type { Log } from "./rpc/logs.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";

/** Addresses in lower case. */
export interface ScheduledOperation {
  readonly id: Hex;
  /** Grows each time the same operation is scheduled. */
  readonly nonce: number;
  readonly caller: Hex;
  readonly target: Hex;
  readonly data: Hex;
}

/** Of one operation, or of all; oldest first, whatever became of them. `manager`: lower case. */
export async function scheduledOperations(
  { config }: ChainContext,
  endpoint: RpcEndpoint,
  manager: Hex,
  operationId?: Hex,
): Promise<ScheduledOperation[]> {
  const args = operationId === undefined ? {} : { operationId };
  const topics = encodeEventTopics({ abi, eventName: "OperationScheduled", args }) as Hex[];
  const to = await endpoint.call({ method: "eth_blockNumber", params: [] }, quantity);
  const query = { address: manager, topics, from: BigInt(config.fromHeight), to };
  return (await allLogs(endpoint, query, config.logRange)).map(operationOf);
}

const lowerCase = (address: Hex): Hex => address.toLowerCase() as Hex;

function operationOf({ topics, data }: Log): ScheduledOperation {
  const [signature = "0x", ...indexed] = topics;
  const { args } = decodeEventLog({ abi, eventName: "OperationScheduled", topics: [signature, ...indexed], data });
  const { operationId: id, nonce, caller, target } = args;
  return { id, nonce, caller: lowerCase(caller), target: lowerCase(target), data: args.data };
}
