// One execution JSON-RPC endpoint, as those who ask it see it.
import type { ZodType } from "zod";

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export type RpcAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly code: number; readonly message: string; readonly data: string | undefined };

export interface RpcEndpoint {
  readonly name: string;
  /** The answer as it is, JSON-RPC errors included: for calls whose refusal carries information. */
  ask(call: RpcCall, signal?: AbortSignal): Promise<RpcAnswer>;
  /** The same for many calls in one request, answers in order. */
  askAll(calls: readonly RpcCall[], signal?: AbortSignal): Promise<RpcAnswer[]>;
  /** Throws RPC_BAD_ANSWER for a JSON-RPC error or a result that does not fit the schema. */
  call<T>(call: RpcCall, schema: ZodType<T>, signal?: AbortSignal): Promise<T>;
  /** Many calls in one request, answers in order. */
  callAll<T>(calls: readonly RpcCall[], schema: ZodType<T>, signal?: AbortSignal): Promise<T[]>;
}
