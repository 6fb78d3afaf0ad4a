// Reading contracts by eth_call, with reverts told apart from endpoints that fail.
import { decodeErrorResult, decodeFunctionResult, encodeFunctionData } from "viem/utils";
import type { Abi, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from "viem";
import * as z from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { contractErrors } from "../contract-errors.ts";
import { hexData, quantityHex } from "./hex.ts";
import type { Hex } from "./hex.ts";
import type { RpcAnswer, RpcEndpoint } from "./rpc-endpoint.ts";

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
  const { to, data, functionName = "a call" } = call;
  const block = call.height === undefined ? "latest" : quantityHex(call.height);
  const answer = await endpoint.ask({ method: "eth_call", params: [{ to, data }, block] }, signal);
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
    const code = await endpoint.call({ method: "eth_getCode", params: [to, block] }, z.string(), signal);
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
  const { address, functionName, height } = read;
  const asked = encodeFunctionData(read as never);
  const data = await callContract(endpoint, { to: address, data: asked, functionName, height }, signal);
  try {
    return decodeFunctionResult({ ...read, data } as never) as ContractFunctionReturnType<A, "pure" | "view", N, Args>;
  } catch (cause) {
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: ${functionName} of ${address} gave no usable answer`, {
      context: { endpoint: endpoint.name, address, functionName },
      cause,
    });
  }
}
