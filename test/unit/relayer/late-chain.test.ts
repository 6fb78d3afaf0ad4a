// A chain that does not answer when the relayer starts: what its callers are told until it does, and what no waiting helps against.
import { afterEach, expect, test } from "vitest";
import type { Chain } from "#adapters/adapter.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import { openOrWait } from "#relayer/late-chain.ts";
import { FakeChain } from "#test/support/fake-chain.ts";
import { fakeFamily } from "#test/support/fake-family.ts";
import { testLogger } from "#test/support/fake-relay.ts";

const ending = new AbortController();
const opened: Chain[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((chain) => chain.close()));
});

const family = fakeFamily(() => new FakeChain("fake:a"));
const real = (): Promise<Chain> =>
  family.open({ family: "fake", chainId: "fake:a" }, {} as Parameters<typeof family.open>[1]);
const failing = (code: ErrorCode) => (): Promise<Chain> => Promise.reject(new CausewayError(code, "it is away"));

async function open(attempt: () => Promise<Chain>, patience?: number) {
  const found = await openOrWait({
    chainId: "fake:a",
    open: attempt,
    logger: testLogger,
    signal: ending.signal,
    patience,
  });
  opened.push(found.chain);
  return found;
}

test("one that answers is opened as it is", async () => {
  const { chain, problem } = await open(real);
  expect(problem).toBeUndefined();
  expect(await chain.lookup.head(ending.signal)).toMatchObject({ height: 1n });
});

test.each(["WRONG_CHAIN_ID", "CONTRACT_MISSING", "INVALID_CONFIG", "MISSING_SECRET"] as const)(
  "no waiting helps against %s",
  async (code) => {
    await expect(open(failing(code))).rejects.toMatchObject({ code });
  },
);

test("nor against a mistake", async () => {
  await expect(open(() => Promise.reject(new TypeError("a mistake")))).rejects.toThrow("a mistake");
});

test("until it is open, whoever asks is told why, and so is whoever watches", async () => {
  const { chain, problem } = await open(failing("RPC_UNREACHABLE"));
  expect(problem).toMatchObject({ code: "RPC_UNREACHABLE" });
  const expected = { code: "RPC_UNREACHABLE", message: "it is away" };
  await expect(chain.source.outstanding("fake-client-0")).rejects.toMatchObject(expected);
  await expect(chain.target.trusted("fake-client-0")).rejects.toMatchObject(expected);
  await expect(chain.health()).rejects.toMatchObject(expected);
  const watching = async (): Promise<void> => {
    for await (const _ of chain.source.watch(undefined, ending.signal)) throw new Error("there is nothing to see");
  };
  await expect(watching()).rejects.toMatchObject(expected);
});

test("one that takes long is there once it has answered, for those who had it before", async () => {
  const answer = Promise.withResolvers<undefined>();
  const { chain, problem } = await open(() => answer.promise.then(real), 5);
  expect(problem).toBeUndefined();
  await expect(chain.lookup.head(ending.signal)).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
  const { lookup } = chain;
  answer.resolve(undefined);
  await expect.poll(() => lookup.head(ending.signal).catch(() => undefined)).toMatchObject({ height: 1n });
});

test("one that is closed before it was open is closed when it is", async () => {
  const answer = Promise.withResolvers<undefined>();
  let closed = 0;
  const late = async (): Promise<Chain> => {
    await answer.promise;
    return { ...(await real()), close: async () => void (closed += 1) };
  };
  const { chain } = await openOrWait({
    chainId: "fake:a",
    open: late,
    logger: testLogger,
    signal: ending.signal,
    patience: 5,
  });
  await chain.close();
  answer.resolve(undefined);
  await expect.poll(() => closed).toBe(1);
});
