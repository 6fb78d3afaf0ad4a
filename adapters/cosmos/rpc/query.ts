// Reading a chain's state without proof: gRPC queries by way of abci_query, and single keys of its packet store.
import type { comet38 } from "@cosmjs/tendermint-rpc";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";
import { saysNotThere } from "./refusal.ts";

/** A message of cosmjs-types. */
export interface MessageCodec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

export interface StateQuery {
  /** "/ibc.core.client.v1.Query/ClientState", "store/ibc/key". */
  readonly path: string;
  readonly data: Uint8Array;
  /** The state after this block; the newest when absent. */
  readonly height?: bigint | undefined;
  readonly prove?: boolean;
}

interface Answered {
  readonly code?: number | undefined;
  readonly codespace?: string | undefined;
  readonly log?: string | undefined;
  readonly height?: number | undefined;
}

/** Throws RPC_STALE for a height that the node does not have, RPC_BAD_ANSWER with the chain's words (`context.said`) for other refusals. */
export async function queryState(
  endpoint: CometEndpoint,
  { path, data, height, prove = false }: StateQuery,
  signal?: AbortSignal,
): Promise<comet38.AbciQueryResponse> {
  const at = height === undefined ? {} : { height: Number(height) };
  const response = await endpoint.ask((comet) => comet.abciQuery({ path, data, prove, ...at }), signal);
  requireHeight(endpoint, { path, height }, response);
  return response;
}

/** Throws what `queryState` throws when the chain refused, or answered for another height. */
export function requireHeight(
  endpoint: CometEndpoint,
  { path, height }: Pick<StateQuery, "path" | "height">,
  response: Answered,
): void {
  const { code = 0, log = "" } = response;
  const isNotThere = saysNotThere(log);
  if (code === 0 && !isNotThere) {
    if (height === undefined || response.height === Number(height)) return;
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `${endpoint.name} answered for height ${response.height}, asked for ${height}`,
      { context: { endpoint: endpoint.name } },
    );
  }
  throw new CausewayError(
    isNotThere ? "RPC_STALE" : "RPC_BAD_ANSWER",
    `${endpoint.name} refused ${path}: ${log.slice(0, 200)}`,
    { context: { endpoint: endpoint.name, said: log.slice(0, 1_000), code, codespace: response.codespace } },
  );
}

/** One gRPC query, as the chain's modules offer it. Throws what `queryState` throws. */
export async function query<Request, Response>(
  endpoint: CometEndpoint,
  path: string,
  [requestType, responseType]: readonly [MessageCodec<Request>, MessageCodec<Response>],
  request: Request,
  signal?: AbortSignal,
): Promise<Response> {
  const { value } = await queryState(endpoint, { path, data: requestType.encode(request).finish() }, signal);
  try {
    return responseType.decode(value);
  } catch (cause) {
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} gave an unusable answer to ${path}`, {
      context: { endpoint: endpoint.name },
      cause,
    });
  }
}

/** What the packet store holds under a path (`adapters/protocol/path.ts`); undefined when nothing. Proves nothing. */
export async function readStore(
  endpoint: CometEndpoint,
  path: Uint8Array,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const { value } = await queryState(endpoint, { path: "store/ibc/key", data: path }, signal);
  return value.length === 0 ? undefined : value;
}
