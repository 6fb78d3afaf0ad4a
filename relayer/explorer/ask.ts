// How pages get their data: from the API and from nowhere else, by the relayer within itself or by a browser over the network.
import type { ZodType } from "zod";

export interface Ask {
  /** Throws ApiProblem for what is no answer. */
  json<T>(path: string, schema: ZodType<T>): Promise<T>;
  /** The same, but undefined when the API says that there is no such thing. */
  maybe<T>(path: string, schema: ZodType<T>): Promise<T | undefined>;
  /** The same, but undefined when whoever asks may not know. */
  permitted<T>(path: string, schema: ZodType<T>): Promise<T | undefined>;
  text(path: string): Promise<string>;
  /** Bytes of an answer, without fetching it; undefined when that cannot be learned. */
  size(path: string): Promise<number | undefined>;
}

export interface Answer {
  /** 0 when there was none. */
  readonly status: number;
  readonly body: string;
  readonly length: number | undefined;
}

/** What the API said instead of an answer. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;

  constructor({
    status,
    code,
    message,
    hint,
  }: {
    status: number;
    code: string;
    message: string;
    hint?: string | undefined;
  }) {
    super(message);
    this.name = "ApiProblem";
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

const said = (value: unknown, name: string): string | undefined => {
  const found = (value as Record<string, unknown> | null)?.[name];
  return typeof found === "string" ? found : undefined;
};

function problemOf({ status, body }: Answer): ApiProblem {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  return new ApiProblem({
    status,
    code: said(value, "code") ?? (status === 0 ? "API_UNREACHABLE" : `HTTP_${status}`),
    message: said(value, "message") ?? (status === 0 ? "the API does not answer" : `the API answered with ${status}`),
    hint: said(value, "hint"),
  });
}

function parse<T>(path: string, body: string, schema: ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new ApiProblem({ status: 502, code: "API_BAD_ANSWER", message: `${path} is not JSON` });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiProblem({
    status: 502,
    code: "API_BAD_ANSWER",
    message: `${path} is not what this explorer understands: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
  });
}

async function unless<T>(statuses: readonly number[], asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiProblem && statuses.includes(error.status)) return undefined;
    throw error;
  }
}

/** `send` answers whatever comes back, and never throws. */
export function createAsk(send: (method: "GET" | "HEAD", path: string) => Promise<Answer>): Ask {
  const get = async (path: string): Promise<Answer> => {
    const answer = await send("GET", path);
    if (answer.status < 200 || answer.status > 299) throw problemOf(answer);
    return answer;
  };
  const json = async <T>(path: string, schema: ZodType<T>): Promise<T> => parse(path, (await get(path)).body, schema);
  return {
    json,
    maybe: async (path, schema) => unless([404], json(path, schema)),
    permitted: async (path, schema) => unless([401, 403], json(path, schema)),
    text: async (path) => (await get(path)).body,
    async size(path) {
      const { status, length } = await send("HEAD", path);
      return status === 200 ? length : undefined;
    },
  };
}
