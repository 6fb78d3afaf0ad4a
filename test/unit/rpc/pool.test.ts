import { describe, expect, test } from "vitest";
import { createPool } from "#adapters/rpc/pool.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const fail = (code: ErrorCode): never => {
  throw new CausewayError(code, `failed with ${code}`);
};

function makePool(...names: string[]) {
  const clock = { now: 1_000_000 };
  const pool = createPool(
    names.map((name) => ({ name })),
    { what: "test", logger, now: () => clock.now },
  );
  const asked: string[] = [];
  const use = (bad: Readonly<Record<string, ErrorCode>>) =>
    pool.use(async ({ name }) => {
      asked.push(name);
      const code = bad[name];
      return code === undefined ? name : fail(code);
    });
  return { pool, clock, asked, use };
}

describe("pool", () => {
  test("prefers the first endpoint", async () => {
    const { use, asked } = makePool("one", "two");
    expect(await use({})).toBe("one");
    expect(asked).toEqual(["one"]);
  });

  test.each(["RPC_UNREACHABLE", "RPC_BAD_ANSWER", "RPC_STALE", "WRONG_CHAIN_ID", "EVIDENCE_REFUSED"] as const)(
    "goes on to the next after %s, and keeps the reason",
    async (code) => {
      const { pool, use } = makePool("one", "two");
      expect(await use({ one: code })).toBe("two");
      expect(pool.status()).toEqual([
        { name: "one", problem: `${code}: failed with ${code}` },
        { name: "two", problem: undefined },
      ]);
    },
  );

  test.each(["NOT_FINAL_YET", "CLIENT_FROZEN", "CANCELLED", "DEEP_REORG"] as const)(
    "asks nobody else after %s, which is no endpoint's fault",
    async (code) => {
      const { use, asked } = makePool("one", "two");
      await expect(use({ one: code })).rejects.toMatchObject({ code });
      expect(asked).toEqual(["one"]);
    },
  );

  test("leaves a failed endpoint alone for its back-off, which doubles", async () => {
    const { use, asked, clock } = makePool("one", "two");
    await use({ one: "RPC_UNREACHABLE" });
    expect(await use({})).toBe("two");
    clock.now += 1_000;
    await use({ one: "RPC_UNREACHABLE" });
    clock.now += 1_500;
    expect(await use({})).toBe("two");
    clock.now += 500;
    expect(await use({})).toBe("one");
    expect(asked).toEqual(["one", "two", "two", "one", "two", "two", "one"]);
  });

  test("a good answer within the back-off does not clear the reason", async () => {
    const { pool, use, clock } = makePool("one");
    await expect(use({ one: "EVIDENCE_REFUSED" })).rejects.toThrow();
    await use({});
    expect(pool.status()[0]?.problem).toContain("EVIDENCE_REFUSED");
    clock.now += 2_000;
    await use({});
    expect(pool.status()[0]?.problem).toBeUndefined();
  });

  test("names every failure when all fail, by the most telling code", async () => {
    const { use } = makePool("one", "two", "three");
    const using = use({ one: "RPC_UNREACHABLE", two: "RPC_BAD_ANSWER", three: "RPC_STALE" });
    await expect(using).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
      message: expect.stringMatching(/RPC_UNREACHABLE.*RPC_BAD_ANSWER.*RPC_STALE/),
    });
  });

  test("keeps WRONG_CHAIN_ID when that is what all of them are", async () => {
    const { use } = makePool("one", "two");
    const using = use({ one: "WRONG_CHAIN_ID", two: "WRONG_CHAIN_ID" });
    await expect(using).rejects.toMatchObject({ code: "WRONG_CHAIN_ID", retry: "never" });
  });

  test("consults all before an unacceptable answer stands, and says whether all answered", async () => {
    const { pool } = makePool("one", "two");
    const no = await pool.consult(
      async ({ name }) => name,
      () => false,
    );
    expect(no).toEqual({ answer: "one", isUnanimous: true });
    const yes = await pool.consult(
      async ({ name }) => name,
      (name) => name === "two",
    );
    expect(yes.answer).toBe("two");
    const partly = await pool.consult(
      async ({ name }) => (name === "one" ? fail("RPC_UNREACHABLE") : name),
      () => false,
    );
    expect(partly).toEqual({ answer: "two", isUnanimous: false });
    expect(pool.status()[1]?.problem).toBeUndefined();
  });

  test("an endpoint that another one proved wrong steps back, and says why", async () => {
    const { pool, clock, use } = makePool("one", "two");
    const [liar] = pool.endpoints;
    if (liar === undefined) throw new Error("no endpoint");
    pool.blame(liar, new CausewayError("RPC_BAD_ANSWER", "shows another block"));
    expect(pool.status()[0]).toEqual({ name: "one", problem: "RPC_BAD_ANSWER: shows another block" });
    expect(await use({})).toBe("two");
    clock.now += 60_000;
    expect(await use({})).toBe("one");
  });
});

describe("an endpoint that answers late", () => {
  /** Endpoints answer when they are told to. */
  function late(...names: string[]) {
    const pool = createPool(
      names.map((name) => ({ name })),
      { what: "test", logger, now: () => 1_000_000, patience: 5 },
    );
    const asked: string[] = [];
    const answers = new Map(names.map((name) => [name, Promise.withResolvers<string>()]));
    const work = ({ name }: { name: string }): Promise<string> => {
      asked.push(name);
      return answers.get(name)?.promise ?? Promise.reject(new Error(name));
    };
    const answer = (name: string, what = name): void => answers.get(name)?.resolve(what);
    const refuse = (name: string, code: ErrorCode): void => {
      answers.get(name)?.promise.catch(() => undefined);
      answers.get(name)?.reject(new CausewayError(code, `failed with ${code}`));
    };
    return { pool, asked, work, answer, refuse, use: () => pool.use(work) };
  }

  test("is not waited for while a second one is good, and is not the first to be asked after that", async () => {
    const { pool, asked, answer, use } = late("slow", "good");
    answer("good");
    expect(await use()).toBe("good");
    expect(await use()).toBe("good");
    expect(asked).toEqual(["slow", "good", "good"]);
    expect(pool.status()[0]?.problem).toBe("RPC_UNREACHABLE: slow has not answered for 0.005 s");
  });

  test("is tried by one request at a time when its back-off is over", async () => {
    const clock = { now: 1_000_000 };
    const pool = createPool([{ name: "slow" }, { name: "good" }], {
      what: "test",
      logger,
      now: () => clock.now,
      patience: 5,
    });
    const slow = Promise.withResolvers<string>();
    const asked: string[] = [];
    const use = () =>
      pool.use(({ name }) => {
        asked.push(name);
        return name === "slow" ? slow.promise : Promise.resolve(name);
      });
    expect(await use()).toBe("good");
    clock.now += 1_000;
    expect(await Promise.all([use(), use(), use()])).toEqual(["good", "good", "good"]);
    expect(asked).toEqual(["slow", "good", "slow", "good", "good", "good"]);
    slow.resolve("slow");
    clock.now += 60_000;
    expect(await use()).toBe("slow");
    expect(await use()).toBe("slow");
    expect(pool.status()[0]?.problem).toBeUndefined();
  });

  test("is heard all the same when the others fail", async () => {
    const { asked, answer, refuse, use } = late("slow", "bad", "worse");
    refuse("bad", "RPC_BAD_ANSWER");
    refuse("worse", "RPC_UNREACHABLE");
    const used = use();
    await expect.poll(() => asked).toEqual(["slow", "bad", "worse"]);
    answer("slow");
    expect(await used).toBe("slow");
  });

  test("is waited for when there is no other", async () => {
    const { pool, answer, use } = late("only");
    const used = use();
    setTimeout(() => answer("only"), 20);
    expect(await used).toBe("only");
    expect(pool.status()[0]?.problem).toBeUndefined();
  });

  test("nobody is spared the wait when all are late, and all of them are asked once", async () => {
    const { asked, answer, use } = late("one", "two", "three");
    const used = use();
    await expect.poll(() => asked).toEqual(["one", "two", "three"]);
    answer("two");
    expect(await used).toBe("two");
    expect(asked).toHaveLength(3);
  });

  test("did not agree with those that answered", async () => {
    const { pool, asked, work, answer } = late("slow", "good");
    answer("good");
    expect(await pool.consult(work, () => true)).toEqual({ answer: "good", isUnanimous: false });
    expect(asked).toEqual(["slow", "good"]);
  });

  test("may be the one whose answer counts", async () => {
    const { pool, work, answer } = late("slow", "no");
    answer("no");
    const consulted = pool.consult(work, (given) => given === "slow");
    setTimeout(() => answer("slow"), 20);
    expect(await consulted).toEqual({ answer: "slow", isUnanimous: false });
  });

  test.each(["NOT_FINAL_YET", "DEEP_REORG"] as const)("and then says %s ends it for all", async (code) => {
    const { asked, refuse, use } = late("slow", "silent");
    const used = expect(use()).rejects.toMatchObject({ code });
    await expect.poll(() => asked).toEqual(["slow", "silent"]);
    refuse("slow", code);
    await used;
  });

  test("and fails when nobody waits for it any more troubles nobody", async () => {
    const { answer, refuse, use } = late("slow", "good");
    answer("good");
    expect(await use()).toBe("good");
    refuse("slow", "NOT_FINAL_YET");
    await new Promise((resolve) => setImmediate(resolve));
    expect(await use()).toBe("good");
  });
});
