// One execution JSON-RPC endpoint: bounded calls, parsed answers, and the chain id checked before the first use.
import { z } from "zod";
import type { ZodType } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { fetchJson } from "../../rpc/fetch-json.ts";
import { inParallel } from "../../rpc/in-parallel.ts";
import type { Meter } from "../../rpc/meter.ts";
import { quantity } from "./hex.ts";
import type { RpcAnswer, RpcCall, RpcEndpoint } from "./rpc-endpoint.ts";

export interface RpcEndpointOptions {
  readonly name: string;
  readonly url: string;
  /** The chain id it must report. */
  readonly chainId: bigint;
  readonly timeoutSeconds: number;
  readonly meter?: Meter | undefined;
}

const answer = z.union([
  z.object({
    id: z.int(),
    error: z.object({
      code: z.int(),
      message: z.string(),
      // Nodes differ: bytes, an object around them, or nothing.
      data: z
        .union([z.string(), z.object({ data: z.string() }).transform(({ data }) => data)])
        .optional()
        .catch(undefined),
    }),
  }),
  z.object({ id: z.int(), result: z.unknown() }),
]);

/** Providers bound how many calls one request may hold. */
const BATCH = 50;
/** Such requests under way at a time. */
const PARALLEL = 4;

export function createRpcEndpoint(options: RpcEndpointOptions): RpcEndpoint {
  const { name } = options;
  let checked: Promise<void> | undefined;

  const bad = (message: string, cause?: unknown): CausewayError =>
    new CausewayError("RPC_BAD_ANSWER", `${name} ${message}`, { context: { endpoint: name }, cause });

  const exchange = async (calls: readonly RpcCall[], signal: AbortSignal | undefined): Promise<RpcAnswer[]> => {
    const body = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
    const single = body.length === 1;
    const { url, timeoutSeconds, meter } = options;
    const [first] = calls;
    const received = await fetchJson({
      name,
      url,
      method: first?.method ?? "",
      timeoutSeconds,
      signal,
      body: single ? body[0] : body,
      meter,
    });
    const parsed = z.array(answer).safeParse(single ? [received] : received);
    if (!parsed.success) throw bad("answered something that is not JSON-RPC", parsed.error);
    const byId = new Map(parsed.data.map((item) => [item.id, item]));
    return calls.map(({ method }, id) => {
      const item = byId.get(id);
      if (item === undefined) throw bad(`left out the answer to ${method}`);
      return "error" in item
        ? { ok: false, code: item.error.code, message: item.error.message, data: item.error.data }
        : { ok: true, result: item.result };
    });
  };

  const parse = <T>(method: string, item: RpcAnswer, schema: ZodType<T>): T => {
    if (!item.ok) throw bad(`refused ${method}: ${item.message.slice(0, 200)}`);
    const parsed = schema.safeParse(item.result);
    if (!parsed.success)
      throw bad(`gave an unusable answer to ${method}: ${z.prettifyError(parsed.error)}`, parsed.error);
    return parsed.data;
  };

  const checkChain = async (): Promise<void> => {
    const call = { method: "eth_chainId", params: [] };
    const [item] = await exchange([call], undefined);
    if (item === undefined) throw bad("did not answer eth_chainId");
    const chainId = parse(call.method, item, quantity);
    if (chainId !== options.chainId)
      throw new CausewayError("WRONG_CHAIN_ID", `${name} serves chain ${chainId}, expected ${options.chainId}`, {
        context: { endpoint: name, expected: options.chainId, actual: chainId },
      });
  };

  const ready = async (): Promise<void> => {
    checked ??= checkChain();
    try {
      await checked;
    } catch (error) {
      checked = undefined;
      throw error;
    }
  };

  const checkedExchange = async (calls: readonly RpcCall[], signal: AbortSignal | undefined): Promise<RpcAnswer[]> => {
    await ready();
    try {
      return await exchange(calls, signal);
    } catch (error) {
      // What comes back after an outage may be another node: ask for its chain again.
      checked = undefined;
      throw error;
    }
  };

  const askAll = async (calls: readonly RpcCall[], signal?: AbortSignal): Promise<RpcAnswer[]> => {
    const chunks = Array.from({ length: Math.ceil(calls.length / BATCH) }, (_, index) =>
      calls.slice(index * BATCH, (index + 1) * BATCH),
    );
    return (await inParallel(chunks, PARALLEL, (chunk) => checkedExchange(chunk, signal))).flat();
  };

  return {
    name,
    async ask(call, signal) {
      const [item] = await checkedExchange([call], signal);
      if (item === undefined) throw bad(`did not answer ${call.method}`);
      return item;
    },
    async call(call, schema, signal) {
      return parse(call.method, await this.ask(call, signal), schema);
    },
    askAll,
    async callAll(calls, schema, signal) {
      const items = await askAll(calls, signal);
      return items.map((item, index) => parse(calls[index]?.method ?? "", item, schema));
    },
  };
}
