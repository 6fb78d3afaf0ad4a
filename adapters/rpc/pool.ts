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
   * when all failed, the error names each with its reason. One that takes too long is not waited for: the next one is asked,
   * too, and whoever answers first is heard. So the work may run with several at a time.
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
  /** Milliseconds after which an endpoint is not waited for while there are others; default 4,000. */
  readonly patience?: number;
}

type Heard<T> = { readonly answer: T } | { readonly error: CausewayError };

const PATIENCE_MS = 4_000;

/** Undefined when none of them was settled in so many milliseconds. */
async function soonest<T>(all: readonly Promise<T>[], milliseconds: number | undefined): Promise<T | undefined> {
  if (milliseconds === undefined) return Promise.race(all);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, milliseconds, undefined)));
  return Promise.race([...all, late]).finally(() => clearTimeout(timer));
}

const tooLate = (name: string, milliseconds: number): CausewayError =>
  new CausewayError("RPC_UNREACHABLE", `${name} has not answered for ${milliseconds / 1000} s`, {
    context: { endpoint: name },
  });

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
  /** Its back-off is over, and one request finds out whether it is good again. */
  isTried: boolean;
}

const unblemished = (): Standing => ({ failures: 0, until: 0, problem: undefined, isTried: false });

export function createPool<E extends { readonly name: string }>(
  endpoints: readonly E[],
  options: PoolOptions,
): Pool<E> {
  const standings = new Map<E, Standing>(endpoints.map((endpoint) => [endpoint, unblemished()]));
  const standing = (endpoint: E): Standing => standings.get(endpoint) ?? unblemished();
  const patience = options.patience ?? PATIENCE_MS;

  const inOrder = (): E[] => {
    const now = options.now();
    const waiting = (endpoint: E): number => {
      const { until, isTried } = standing(endpoint);
      return isTried ? Infinity : until > now ? until : 0;
    };
    return endpoints.toSorted((left, right) => waiting(left) - waiting(right));
  };

  const blame = (endpoint: E, error: CausewayError): void => {
    const state = standing(endpoint);
    state.problem = `${error.code}: ${error.message}`;
    state.until = options.now() + Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** state.failures);
    state.failures += 1;
    state.isTried = false;
    options.logger.warn(
      { endpoint: endpoint.name, code: error.code, serving: options.what },
      `endpoint failed, trying the next: ${error.message}`,
    );
  };

  /** A good answer to one question does not outweigh a bad one to another: the back-off runs its time. */
  const praise = (endpoint: E): void => {
    if (standing(endpoint).until <= options.now()) standings.set(endpoint, unblemished());
  };

  const ask = async <T>(endpoint: E, work: (endpoint: E) => Promise<T>): Promise<Heard<T>> => {
    const state = standing(endpoint);
    state.isTried ||= state.failures > 0 && state.until <= options.now();
    try {
      const answer = await work(endpoint);
      praise(endpoint);
      return { answer };
    } catch (error) {
      if (!isCausewayError(error) || !BLAMABLE.has(error.code)) {
        // It answered, and the answer is no fault of its own.
        state.isTried = false;
        throw error;
      }
      blame(endpoint, error);
      return { error };
    }
  };

  const consult: Pool<E>["consult"] = async <T>(
    work: (endpoint: E) => Promise<T>,
    isAcceptable: (answer: T) => boolean,
  ) => {
    const failures: CausewayError[] = [];
    const answers: T[] = [];
    const underWay = new Map<E, Promise<Heard<T> & { readonly endpoint: E }>>();
    const left = inOrder();
    const askNext = (): void => {
      const endpoint = left.shift();
      if (endpoint === undefined) return;
      underWay.set(
        endpoint,
        ask(endpoint, work).then((heard) => ({ ...heard, endpoint })),
      );
    };
    askNext();
    while (underWay.size > 0) {
      const heard = await soonest([...underWay.values()], left.length === 0 ? undefined : patience);
      if (heard === undefined) {
        // Whoever asks next asks another one first.
        for (const endpoint of underWay.keys()) blame(endpoint, tooLate(endpoint.name, patience));
        askNext();
        continue;
      }
      underWay.delete(heard.endpoint);
      if ("error" in heard) failures.push(heard.error);
      else if (isAcceptable(heard.answer))
        return { answer: heard.answer, isUnanimous: answers.length + failures.length + underWay.size === 0 };
      else answers.push(heard.answer);
      if (underWay.size === 0) askNext();
    }
    if (answers.length === 0) throw allFailed(options.what, failures);
    return { answer: answers[0] as T, isUnanimous: failures.length === 0 };
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
