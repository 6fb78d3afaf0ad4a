// Several endpoints for the same thing, tried in order: one that fails or contradicts its proofs steps back for a while.
// Failing over never lowers what an answer has to prove: the work given here checks each endpoint's answer in the same way.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import type { Logger } from "#adapters/logger.ts";

export interface EndpointStatus {
  readonly name: string;
  /** Why it is not preferred at the moment. */
  readonly problem: string | undefined;
}

export interface Pool<E extends { readonly name: string }> {
  readonly endpoints: readonly E[];
  /**
   * Runs the work with one endpoint after another until one succeeds. Only failures an endpoint is to blame for move on;
   * when all failed, the error names each with its reason.
   */
  use<T>(work: (endpoint: E) => Promise<T>): Promise<T>;
  /**
   * Like `use`, for answers that one endpoint alone should not decide: asks on until one is acceptable, and blames nobody
   * for an honest "no". When there is none the first answer stands; `isUnanimous` when every endpoint answered.
   */
  consult<T>(work: (endpoint: E) => Promise<T>, isAcceptable: (answer: T) => boolean): Promise<Consulted<T>>;
  /** Has an endpoint step back whose answer another proved wrong. */
  blame(endpoint: E, error: CausewayError): void;
  status(): readonly EndpointStatus[];
}

export interface Consulted<T> {
  readonly answer: T;
  readonly isUnanimous: boolean;
}

export interface PoolOptions {
  /** What the endpoints serve, for errors: "eip155:1 execution". */
  readonly what: string;
  readonly logger: Logger;
  readonly now: () => number;
}

const BLAMABLE: ReadonlySet<ErrorCode> = new Set([
  "RPC_UNREACHABLE",
  "RPC_BAD_ANSWER",
  "RPC_STALE",
  "WRONG_CHAIN_ID",
  "EVIDENCE_REFUSED",
] satisfies ErrorCode[]);

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;

interface Standing {
  failures: number;
  until: number;
  problem: string | undefined;
}

export function createPool<E extends { readonly name: string }>(
  endpoints: readonly E[],
  options: PoolOptions,
): Pool<E> {
  const standings = new Map<E, Standing>(
    endpoints.map((endpoint) => [endpoint, { failures: 0, until: 0, problem: undefined }]),
  );
  const standing = (endpoint: E): Standing => standings.get(endpoint) ?? { failures: 0, until: 0, problem: undefined };

  const inOrder = (): E[] => {
    const now = options.now();
    const waiting = (endpoint: E): number => (standing(endpoint).until > now ? standing(endpoint).until : 0);
    return endpoints.toSorted((left, right) => waiting(left) - waiting(right));
  };

  const blame = (endpoint: E, error: CausewayError): void => {
    const state = standing(endpoint);
    state.problem = `${error.code}: ${error.message}`;
    state.until = options.now() + Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** state.failures);
    state.failures += 1;
    options.logger.warn(
      { endpoint: endpoint.name, code: error.code, serving: options.what },
      `endpoint failed, trying the next: ${error.message}`,
    );
  };

  /** A good answer to one question does not outweigh a bad one to another: the back-off runs its time. */
  const praise = (endpoint: E): void => {
    if (standing(endpoint).until <= options.now())
      standings.set(endpoint, { failures: 0, until: 0, problem: undefined });
  };

  const consult: Pool<E>["consult"] = async (work, isAcceptable) => {
    const failures: CausewayError[] = [];
    const answers: Awaited<ReturnType<typeof work>>[] = [];
    for (const endpoint of inOrder()) {
      try {
        const answer = await work(endpoint);
        praise(endpoint);
        if (isAcceptable(answer)) return { answer, isUnanimous: answers.length + failures.length === 0 };
        answers.push(answer);
      } catch (error) {
        if (!isCausewayError(error) || !BLAMABLE.has(error.code)) throw error;
        blame(endpoint, error);
        failures.push(error);
      }
    }
    if (answers.length === 0) throw allFailed(options.what, failures);
    return { answer: answers[0] as Awaited<ReturnType<typeof work>>, isUnanimous: failures.length === 0 };
  };

  return {
    endpoints,
    use: async (work) => (await consult(work, () => true)).answer,
    consult,
    blame,
    status: () => endpoints.map((endpoint) => ({ name: endpoint.name, problem: standing(endpoint).problem })),
  };
}

/** The most telling failure's code: a wrong answer says more than silence. */
function allFailed(what: string, failures: readonly CausewayError[]): CausewayError {
  const [only] = failures;
  if (only !== undefined && failures.length === 1) return only;
  const codes = new Set(failures.map(({ code }) => code));
  const code =
    codes.size === 1 && only !== undefined
      ? only.code
      : ((["EVIDENCE_REFUSED", "RPC_BAD_ANSWER", "RPC_STALE"] as const).find((candidate) => codes.has(candidate)) ??
        "RPC_UNREACHABLE");
  return new CausewayError(
    code,
    `no endpoint of ${what} helped: ${failures.map(({ message }) => message).join("; ")}`,
    {
      cause: failures,
    },
  );
}
