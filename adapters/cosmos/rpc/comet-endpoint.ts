// One CometBFT JSON-RPC endpoint: bounded calls, answers decoded by cosmjs or by a schema, and the chain id checked before the first use.
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { z } from "zod";
import type { ZodType } from "zod";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { fetchJson } from "../../rpc/fetch-json.ts";
import type { Meter } from "../../rpc/meter.ts";
import { inParallel } from "../../rpc/in-parallel.ts";
import { caip2Of } from "../verify/chain-id.ts";
import { refusal } from "./refusal.ts";

export interface CometEndpoint {
  readonly name: string;
  /** The chain's own id, e.g. "cosmoshub-4". Throws WRONG_CHAIN_ID when that is another chain than the configured one. */
  chainId(): Promise<string>;
  /**
   * Asks through cosmjs' client. Throws RPC_UNREACHABLE, CANCELLED, RPC_STALE for heights that the node does not have (any more, or yet), and
   * RPC_BAD_ANSWER for other refusals (`context.said` has the node's words) and for answers that do not decode.
   */
  ask<T>(question: (comet: Comet38Client) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The same for an answer of which cosmjs reads more than is wanted. */
  call<T>(request: CometCall, schema: ZodType<T>, signal?: AbortSignal): Promise<T>;
  /** Many calls in few requests, where the node takes that; answers in order. Throws what the first call throws that fails. */
  callAll<T>(requests: readonly CometCall[], schema: ZodType<T>, signal?: AbortSignal): Promise<T[]>;
}

export interface CometCall {
  readonly method: string;
  /** Heights as decimal text. */
  readonly params: Readonly<Record<string, string | boolean>>;
}

export interface CometEndpointOptions {
  readonly name: string;
  readonly url: string;
  /** CAIP-2 id of the chain it must serve. */
  readonly chainId: string;
  readonly timeoutSeconds: number;
  readonly meter?: Meter | undefined;
}

const failure = z.object({ code: z.int(), message: z.string(), data: z.string().optional().catch(undefined) });
const answer = z.union([z.object({ error: failure }), z.object({ result: z.unknown() })]);
const answers = z.array(
  z.union([z.object({ id: z.int(), error: failure }), z.object({ id: z.int(), result: z.unknown() })]),
);
/** What nodes take by themselves in one request (CometBFT's max_request_batch_size), and how many of those are under way. */
const [TOGETHER, PARALLEL] = [10, 4];
/** One by one. */
const PARALLEL_ALONE = 8;

const status = z.object({ node_info: z.object({ network: z.string() }) });

/** State is asked for in many ways by one method. */
const nameOf = (method: string, params: unknown): string => {
  const path: unknown = typeof params === "object" && params !== null && "path" in params ? params.path : undefined;
  return typeof path === "string" ? `${method} ${path}` : method;
};

export function createCometEndpoint(options: CometEndpointOptions): CometEndpoint {
  const { name, url, timeoutSeconds, meter } = options;
  let chain: Promise<string> | undefined;
  let takesMany = true;

  const bad = (message: string, cause?: unknown): CausewayError =>
    new CausewayError("RPC_BAD_ANSWER", `${name} ${message}`, { context: { endpoint: name }, cause });

  const exchange = async (method: string, params: unknown, signal: AbortSignal | undefined): Promise<unknown> => {
    const body = { jsonrpc: "2.0", id: 1, method, params };
    const parsed = answer.safeParse(
      await fetchJson({ name, url, method: nameOf(method, params), timeoutSeconds, signal, body, meter }),
    );
    if (!parsed.success) throw bad("answered something that is not JSON-RPC", parsed.error);
    if ("error" in parsed.data) throw refusal(name, method, parsed.data.error);
    return parsed.data.result;
  };

  /** Undefined when the node, or what is before it, does not take so many at once: some refuse, some hang up. */
  const exchangeAll = async (
    calls: readonly CometCall[],
    signal: AbortSignal | undefined,
  ): Promise<readonly unknown[] | undefined> => {
    const [first] = calls;
    if (first === undefined) return [];
    const method = nameOf(first.method, first.params);
    const body = calls.map((call, id) => ({ jsonrpc: "2.0", id, method: call.method, params: call.params }));
    const request = { name, url, method, timeoutSeconds, signal, body, meter };
    const parsed = answers.safeParse(
      await fetchJson(request).catch((error: unknown) => {
        if (isCausewayError(error) && error.code !== "CANCELLED") return undefined;
        throw error;
      }),
    );
    if (!parsed.success) return undefined;
    const byId = new Map(parsed.data.map((item) => [item.id, item]));
    return calls.map(({ method: asked }, id) => {
      const item = byId.get(id);
      if (item === undefined) throw bad(`left out an answer to ${asked}`);
      if ("error" in item) throw refusal(name, asked, item.error);
      return item.result;
    });
  };

  const parse = <T>(method: string, result: unknown, schema: ZodType<T>): T => {
    const parsed = schema.safeParse(result);
    if (!parsed.success)
      throw bad(`gave an unusable answer to ${method}: ${z.prettifyError(parsed.error)}`, parsed.error);
    return parsed.data;
  };

  const checkChain = async (): Promise<string> => {
    const { node_info: node } = parse("status", await exchange("status", {}, undefined), status);
    // It may have been an outage that kept it from answering a list.
    takesMany = true;
    if (caip2Of(node.network) === options.chainId) return node.network;
    throw new CausewayError("WRONG_CHAIN_ID", `${name} serves chain ${node.network}, expected ${options.chainId}`, {
      context: { endpoint: name, expected: options.chainId, actual: node.network },
    });
  };

  const ready = async (): Promise<string> => {
    chain ??= checkChain();
    try {
      return await chain;
    } catch (error) {
      chain = undefined;
      throw error;
    }
  };

  const checked = async <T>(work: () => Promise<T>): Promise<T> => {
    await ready();
    try {
      return await work();
    } catch (error) {
      // What comes back after an outage may be another node: ask for its chain again.
      if (isCausewayError(error) && error.code === "RPC_UNREACHABLE") chain = undefined;
      throw error;
    }
  };

  const call = async <T>({ method, params }: CometCall, schema: ZodType<T>, signal?: AbortSignal): Promise<T> =>
    parse(method, await checked(() => exchange(method, params, signal)), schema);

  return {
    name,
    chainId: ready,
    async ask(question, signal) {
      const comet = Comet38Client.create({
        execute: async ({ id, method, params }) => ({
          jsonrpc: "2.0",
          id,
          result: await checked(() => exchange(method, params, signal)),
        }),
        disconnect: () => {},
      });
      try {
        return await question(comet);
      } catch (error) {
        if (isCausewayError(error)) throw error;
        throw bad(`gave an unusable answer: ${error instanceof Error ? error.message.slice(0, 200) : "?"}`, error);
      }
    },
    call,
    async callAll(requests, schema, signal) {
      const one = (request: CometCall) => call(request, schema, signal);
      const some = async (chunk: readonly CometCall[]) => {
        const [first] = chunk;
        if (first === undefined || chunk.length === 1 || !takesMany) return inParallel(chunk, PARALLEL_ALONE, one);
        const results = await checked(() => exchangeAll(chunk, signal));
        takesMany = results !== undefined;
        return results === undefined
          ? inParallel(chunk, PARALLEL_ALONE, one)
          : results.map((result) => parse(first.method, result, schema));
      };
      const chunks = Array.from({ length: Math.ceil(requests.length / TOGETHER) }, (_, index) =>
        requests.slice(index * TOGETHER, (index + 1) * TOGETHER),
      );
      return (await inParallel(chunks, PARALLEL, some)).flat();
    },
  };
}
