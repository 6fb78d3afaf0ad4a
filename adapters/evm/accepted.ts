// Finds the update behind what a light client believes about a height: its event says which transaction brought it, and the
// transaction's calldata holds the evidence. A contract that made the evidence itself leaves no trace that could be read.
import { decodeEventLog, decodeFunctionData, encodeEventTopics, toFunctionSelector } from "viem/utils";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { abi as lightClientAbi } from "../../contracts/evm/bindings/ILightClient.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/IPacketRouter.ts";
import type { AcceptedUpdate } from "../misbehaviour.ts";
import type { ChainContext } from "./context.ts";
import type { HostedKind, UnpackedUpdate } from "./hosted/hosted-kind.ts";
import { kindOf } from "./hosted/kinds.ts";
import { readRegistered } from "./light-clients.ts";
import { fromHex, hexData, quantity, toHex } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";
import { getLogs } from "./rpc/logs.ts";
import type { Log } from "./rpc/logs.ts";
import { readContract } from "./rpc/read-contract.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";

/** Throws CLIENT_NOT_FOUND, RPC_UNREACHABLE. An endpoint that finds nothing does not decide alone. */
export async function readAccepted(context: ChainContext, clientId: string, height: bigint): Promise<AcceptedUpdate> {
  const { answer } = await context.execution.consult(
    (endpoint) => readFrom(context, endpoint, clientId, height),
    ({ ok }) => ok,
  );
  return answer;
}

async function readFrom(
  context: ChainContext,
  endpoint: RpcEndpoint,
  clientId: string,
  height: bigint,
): Promise<AcceptedUpdate> {
  const registered = await readRegistered(context, endpoint, clientId);
  const lightClient = registered.lightClient.toLowerCase() as Hex;
  const clientType = await readContract(endpoint, {
    abi: lightClientAbi,
    address: lightClient,
    functionName: "clientType",
    args: [],
  });
  const { unpackUpdate } = kindOf(clientType);
  if (unpackUpdate === undefined)
    return {
      ok: false,
      why: `an update of a ${clientType} light client cannot be recovered from calldata: it is packed with hashes in place of fields`,
    };
  let why = `no update brought height ${height} to ${lightClient}: it was created with it, or its events are not served`;
  for (const log of await updateEvents(context, endpoint, lightClient, height)) {
    const { transactionHash: transaction } = log;
    const { input, to } = await readTransaction(endpoint, transaction);
    const found = updatesIn(input, unpackUpdate).find((candidate) => isOf(candidate, log));
    if (found !== undefined) return { ok: true, update: found.update, transaction };
    const called = to === null ? "created a contract" : `called ${to}`;
    why = `transaction ${transaction}, which brought height ${height}, ${called}: the update cannot be recovered from its calldata`;
  }
  return { ok: false, why };
}

/** The newest, and those near it: what is looked for happened a short while ago. */
async function updateEvents(
  { config }: ChainContext,
  endpoint: RpcEndpoint,
  address: Hex,
  height: bigint,
): Promise<readonly Log[]> {
  const topics = encodeEventTopics({ abi: lightClientAbi, eventName: "ClientUpdated", args: { height } }) as Hex[];
  let to = await endpoint.call({ method: "eth_blockNumber", params: [] }, quantity);
  const lowest = BigInt(config.fromHeight);
  let range = BigInt(config.logRange);
  while (to >= lowest) {
    const from = to - range + 1n > lowest ? to - range + 1n : lowest;
    const answer = await getLogs(endpoint, { address, topics, from, to });
    if (answer.ok) {
      if (answer.logs.length > 0) return answer.logs.toReversed();
      to = from - 1n;
    } else if (range > 1n) range = (range + 1n) / 2n;
    else throw new CausewayError("RPC_UNREACHABLE", answer.why, { context: { endpoint: endpoint.name } });
  }
  return [];
}

const transactionSchema = z.object({ hash: hexData(32), to: hexData(20).nullable(), input: hexData() });

async function readTransaction(endpoint: RpcEndpoint, hash: Hex): Promise<z.infer<typeof transactionSchema>> {
  const found = await endpoint.call(
    { method: "eth_getTransactionByHash", params: [hash] },
    transactionSchema.nullable(),
  );
  if (found?.hash === hash) return found;
  throw new CausewayError("RPC_STALE", `${endpoint.name} does not have transaction ${hash}`, {
    context: { endpoint: endpoint.name },
  });
}

/** Looked at in one transaction: calldata that holds more of them is made to keep us busy. */
const MAX_CALLS = 64;

const calls = [
  { abi: lightClientAbi, name: "update" },
  { abi: routerAbi, name: "relay" },
] as const;

/** Every update in calls of a light client or a router, made directly or handed on by a wallet: where such calls begin. */
function updatesIn(input: Hex, unpack: NonNullable<HostedKind["unpackUpdate"]>): UnpackedUpdate[] {
  const packed = calls.flatMap(({ abi, name }) => {
    const [item] = abi.filter((candidate) => candidate.type === "function" && candidate.name === name);
    const selector = item?.type === "function" ? toFunctionSelector(item).slice(2) : "";
    return positions(input, selector).flatMap((position) => messagesOf(`0x${input.slice(position)}`));
  });
  return packed.flatMap((message) => unpack(fromHex(message)) ?? []);
}

/** Of whole bytes. */
function positions(input: Hex, selector: string): number[] {
  const found: number[] = [];
  for (let at = input.indexOf(selector); at !== -1; at = input.indexOf(selector, at + 1)) {
    if (at % 2 === 0) found.push(at);
    if (found.length === MAX_CALLS) break;
  }
  return found;
}

function messagesOf(call: Hex): readonly Hex[] {
  try {
    const { functionName, args } = decodeFunctionData({ abi: [...lightClientAbi, ...routerAbi], data: call });
    if (functionName === "update") return [args[0]];
    return functionName === "relay" ? args[0].updates : [];
  } catch {
    return [];
  }
}

/** Whether the update brings what the event says. */
function isOf({ height, timestamp, root }: UnpackedUpdate, { topics, data }: Log): boolean {
  const [signature, ...indexed] = topics;
  if (signature === undefined) return false;
  const { args } = decodeEventLog({
    abi: lightClientAbi,
    eventName: "ClientUpdated",
    topics: [signature, ...indexed],
    data,
  });
  return height === args.height && timestamp === args.timestamp && toHex(root) === args.stateRoot;
}
