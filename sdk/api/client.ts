// The HTTP API of a relayer, as its readers use it: bounded requests, parsed answers, and errors of the project's own kind.
import { concatBytes } from "@noble/hashes/utils.js";
import type { ZodType } from "zod";
import * as z from "zod";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { errorCodes } from "#adapters/protocol/error-codes.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import { chunksOf } from "./chunks.ts";
import { problem } from "./views.ts";

export interface ApiOptions {
  /** Where the relayer serves it, e.g. "https://relayer.example". */
  readonly url: string;
  /** Where reading is not public, or for more than anybody may see. */
  readonly token?: string | undefined;
  /** Instead of the platform's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** JSON to post: what an operator does. */
  readonly post?: Readonly<Record<string, string>> | undefined;
}

export interface Api {
  /** Without a slash at the end. */
  readonly url: string;
  /** `path` begins with a slash. Throws what `fetch` throws, and API_BAD_ANSWER for an answer that does not fit the schema. */
  read<T>(path: string, schema: ZodType<T>, options?: RequestOptions): Promise<T>;
  /** A whole answer as bytes, at most 64 MiB. */
  readBytes(path: string, options?: RequestOptions): Promise<Uint8Array>;
  /** Throws API_UNREACHABLE, the relayer's own error by its code, or CANCELLED when the signal aborts. */
  fetch(path: string, options?: RequestOptions): Promise<Response>;
}

/** Of one request; one that streams is bounded only until it begins. */
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 << 20;

/** Throws INVALID_ARGUMENT for what is no HTTP URL. */
export function createApi({ url, token, fetch: given }: ApiOptions): Api {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CausewayError("INVALID_ARGUMENT", `"${url}" is no HTTP URL`, { hint: "e.g. https://relayer.example" });
  const base = url.replace(/\/+$/, "");
  const request = given ?? globalThis.fetch.bind(globalThis);

  /** `use` reads the answer within the request's time. */
  const exchange = async <T>(
    path: string,
    { signal, headers = {}, post }: RequestOptions,
    use: (response: Response) => Promise<T>,
  ): Promise<T> => {
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(), TIMEOUT_MS);
    const stop = signal === undefined ? slow.signal : AbortSignal.any([signal, slow.signal]);
    const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const body = post && { method: "POST", body: JSON.stringify(post) };
    const type: Record<string, string> = post === undefined ? {} : { "content-type": "application/json" };
    try {
      const init = { signal: stop, headers: { ...authorization, ...type, ...headers }, ...body };
      const response = await request(`${base}${path}`, init);
      if (!response.ok) throw await problemOf(base, response);
      return await use(response);
    } catch (cause) {
      throw asError(base, cause, signal);
    } finally {
      clearTimeout(timer);
    }
  };

  const readBytes = (path: string, options: RequestOptions = {}): Promise<Uint8Array> =>
    exchange(path, options, (response) => bodyOf(base, response));

  return {
    url: base,
    fetch: (path, options = {}) => exchange(path, options, async (response) => response),
    readBytes,
    async read(path, schema, options) {
      const parsed = schema.safeParse(parseJson(base, await readBytes(path, options)));
      if (parsed.success) return parsed.data;
      throw badAnswer(base, `to ${path}: ${z.prettifyError(parsed.error).slice(0, 300)}`, parsed.error);
    },
  };
}

const badAnswer = (url: string, why: string, cause?: unknown): CausewayError =>
  new CausewayError("API_BAD_ANSWER", `${url} gave an unusable answer ${why}`, { cause });

function asError(url: string, cause: unknown, signal: AbortSignal | undefined): CausewayError {
  if (isCausewayError(cause)) return cause;
  if (signal?.aborted === true)
    return new CausewayError("CANCELLED", "stopped while asking the relayer", { cause, hint: "ask again" });
  return new CausewayError("API_UNREACHABLE", `${url} cannot be reached`, { cause });
}

async function bodyOf(url: string, response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(response)) {
    size += chunk.length;
    if (size > MAX_BYTES) throw badAnswer(url, `of more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return concatBytes(...chunks);
}

function parseJson(url: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw badAnswer(url, "that is not JSON", cause);
  }
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);

/** What the relayer says went wrong, by its code where that is one of ours. */
async function problemOf(url: string, response: Response): Promise<CausewayError> {
  const { status } = response;
  const said = await bodyOf(url, response)
    .then((bytes) => problem.parse(parseJson(url, bytes)))
    .catch(() => undefined);
  const { code, message, hint } = said ?? { code: "", message: `${url} answered with HTTP status ${status}` };
  return new CausewayError(isCode(code) ? code : codeOf(status), message, {
    context: { status, url },
    ...(hint === undefined ? {} : { hint }),
  });
}

const codeOf = (status: number): ErrorCode =>
  status === 401 || status === 403
    ? "NOT_AUTHORIZED"
    : status === 404
      ? "NOT_FOUND"
      : status === 429 || status >= 500
        ? "API_UNREACHABLE"
        : "INVALID_ARGUMENT";
