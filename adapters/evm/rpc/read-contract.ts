// Reading contracts by eth_call, with reverts told apart from endpoints that fail.
import { decodeErrorResult, decodeFunctionResult, encodeFunctionData } from "viem/utils";
import type { Abi, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from "viem";
import * as z from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { contractErrors } from "../contract-errors.ts";
import { hexData, quantityHex } from "./hex.ts";
import type { Hex } from "./hex.ts";
import type { RpcAnswer, RpcCall, RpcEndpoint } from "./rpc-endpoint.ts";

export interface ContractRead<
  A extends Abi,
  N extends ContractFunctionName<A, "pure" | "view">,
  Args extends ContractFunctionArgs<A, "pure" | "view", N>,
> {
  readonly abi: A;
  readonly address: Hex;
  readonly functionName: N;
  readonly args: Args;
  /** "latest" when absent. */
  readonly height?: bigint | undefined;
}

/** Why a contract refused: its custom error's name with arguments, or the bytes it gave. */
export interface Revert {
  readonly error: string;
  readonly detail: string;
}

/** Undefined when the answer is no revert: then the endpoint failed. */
export function revertOf(answer: RpcAnswer): Revert | undefined {
  if (answer.ok || answer.data === undefined || !/^0x(?:[0-9a-fA-F]{2})*$/.test(answer.data)) return undefined;
  return describeRevert(answer.data as Hex);
}

export function describeRevert(data: Hex): Revert {
  if (data === "0x") return { error: "revert without reason", detail: "revert without reason" };
  try {
    const { errorName, args } = decodeErrorResult({ abi: contractErrors, data });
    const values: readonly unknown[] = args ?? [];
    return { error: errorName, detail: `${errorName}(${values.map(String).join(", ")})` };
  } catch {
    return { error: data.slice(0, 10), detail: `unknown error ${data.slice(0, 138)}` };
  }
}

export interface ContractCall {
  readonly to: Hex;
  readonly data: Hex;
  /** For errors. */
  readonly functionName?: string | undefined;
  /** "latest" when absent. */
  readonly height?: bigint | undefined;
}

/**
 * The bytes a contract answers. Throws TRANSACTION_REVERTED with `error` in its context when it refuses, CONTRACT_MISSING when there is none.
 */
export async function callContract(endpoint: RpcEndpoint, call: ContractCall, signal?: AbortSignal): Promise<Hex> {
  return answerOf(endpoint, call, await endpoint.ask(rpcCall(call), signal), signal);
}

const blockOf = ({ height }: ContractCall): string => (height === undefined ? "latest" : quantityHex(height));
const rpcCall = (call: ContractCall): RpcCall => ({
  method: "eth_call",
  params: [{ to: call.to, data: call.data }, blockOf(call)],
});

async function answerOf(
  endpoint: RpcEndpoint,
  call: ContractCall,
  answer: RpcAnswer,
  signal: AbortSignal | undefined,
): Promise<Hex> {
  const { to, functionName = "a call" } = call;
  const context = { endpoint: endpoint.name, address: to, functionName };
  if (!answer.ok) {
    const revert = revertOf(answer);
    if (revert !== undefined)
      throw new CausewayError("TRANSACTION_REVERTED", `${functionName} of ${to}: ${revert.detail}`, {
        context: { ...context, error: revert.error },
      });
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} refused eth_call: ${answer.message.slice(0, 200)}`, {
      context,
    });
  }
  const result = hexData().safeParse(answer.result);
  if (!result.success)
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: ${functionName} of ${to} gave no usable answer`, {
      context,
      cause: result.error,
    });
  if (result.data === "0x") {
    const code = await endpoint.call({ method: "eth_getCode", params: [to, blockOf(call)] }, z.string(), signal);
    if (code === "0x") throw new CausewayError("CONTRACT_MISSING", `there is no contract at ${to}`, { context });
  }
  return result.data;
}

/** Throws what `callContract` throws, and RPC_BAD_ANSWER for an answer that is not the function's. */
export async function readContract<
  const A extends Abi,
  N extends ContractFunctionName<A, "pure" | "view">,
  const Args extends ContractFunctionArgs<A, "pure" | "view", N>,
>(
  endpoint: RpcEndpoint,
  read: ContractRead<A, N, Args>,
  signal?: AbortSignal,
): Promise<ContractFunctionReturnType<A, "pure" | "view", N, Args>> {
  return resultOf(endpoint, read, await callContract(endpoint, callOf(read), signal));
}

type ViewName<A extends Abi> = ContractFunctionName<A, "pure" | "view">;

/** Several functions without arguments of one contract, in one request. Throws what `readContract` throws. */
export async function readAll<const A extends Abi, const Names extends readonly ViewName<A>[]>(
  endpoint: RpcEndpoint,
  { abi, address, functionNames }: { readonly abi: A; readonly address: Hex; readonly functionNames: Names },
): Promise<{ [Index in keyof Names]: ContractFunctionReturnType<A, "pure" | "view", Names[Index]> }> {
  const reads = functionNames.map((functionName) => ({ abi, address, functionName, args: [] }) as never);
  const calls = reads.map(callOf);
  const answers = await endpoint.askAll(calls.map(rpcCall));
  const results = await Promise.all(
    calls.map(async (call, index) => {
      const answer = answers[index];
      if (answer === undefined) throw new RangeError("every call has its answer");
      return resultOf(endpoint, reads[index] as never, await answerOf(endpoint, call, answer, undefined));
    }),
  );
  return results as never;
}

const callOf = (read: {
  readonly address: Hex;
  readonly functionName: string;
  readonly height?: bigint | undefined;
}): ContractCall => ({
  to: read.address,
  data: encodeFunctionData(read as never),
  functionName: read.functionName,
  height: read.height,
});

function resultOf<
  const A extends Abi,
  N extends ContractFunctionName<A, "pure" | "view">,
  const Args extends ContractFunctionArgs<A, "pure" | "view", N>,
>(
  endpoint: RpcEndpoint,
  read: ContractRead<A, N, Args>,
  data: Hex,
): ContractFunctionReturnType<A, "pure" | "view", N, Args> {
  const { address, functionName } = read;
  try {
    return decodeFunctionResult({ ...read, data } as never) as ContractFunctionReturnType<A, "pure" | "view", N, Args>;
  } catch (cause) {
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: ${functionName} of ${address} gave no usable answer`, {
      context: { endpoint: endpoint.name, address, functionName },
      cause,
    });
  }
}
