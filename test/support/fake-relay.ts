// Two fake chains that know each other, and a configuration for a relayer between them.
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "#adapters/logger.ts";
import { parseConfig } from "#relayer/config-schema.ts";
import type { Config } from "#relayer/config-schema.ts";
import type { Route } from "#relayer/routes.ts";
import { FakeChain } from "./fake-chain.ts";
import { fakeFamily } from "./fake-family.ts";

export const CLIENT_ON_A = "fake-client-0";
export const CLIENT_ON_B = "fake-client-1";

export interface FakePair {
  readonly a: FakeChain;
  readonly b: FakeChain;
  /** Mines on both until stopped, as real chains do. */
  startMining(interval: number): void;
  stop(): void;
}

export function makeFakePair(options: { trustingPeriod?: bigint } = {}): FakePair {
  const a = new FakeChain("fake:a");
  const b = new FakeChain("fake:b");
  a.mine(5n);
  b.mine(5n);
  a.createClient(CLIENT_ON_A, b.bootstrap(options.trustingPeriod));
  b.createClient(CLIENT_ON_B, a.bootstrap(options.trustingPeriod));
  let timer: NodeJS.Timeout | undefined;
  return {
    a,
    b,
    startMining(interval) {
      timer = setInterval(() => {
        a.mine();
        b.mine();
      }, interval);
    },
    stop: () => clearInterval(timer),
  };
}

export const familyOf = ({ a, b }: FakePair) => fakeFamily(({ chainId }) => (chainId === a.chainId ? a : b));

export interface FakeConfigOptions {
  readonly data: string;
  readonly databaseUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  /** Passed to each chain's config block. */
  readonly url?: string | undefined;
  readonly batch?: { readonly messages?: number; readonly bytes?: number; readonly underWay?: number };
  readonly timers?: Readonly<Record<string, number>>;
  readonly http?: Readonly<Record<string, unknown>>;
  readonly queueName?: string;
  /** Instead of a pair's. */
  readonly chains?: readonly string[];
  readonly routes?: readonly Route[];
  /** How many lanes are worked on at a time. */
  readonly concurrency?: number;
}

export function fakeConfiguration(options: FakeConfigOptions): Config {
  const chain = (chainId: string) => ({
    family: "fake",
    chainId,
    ...(options.url === undefined ? {} : { url: options.url }),
  });
  const value = {
    data: options.data,
    chains: (options.chains ?? ["fake:a", "fake:b"]).map(chain),
    routes: options.routes ?? [
      [
        { chain: "fake:a", client: CLIENT_ON_A },
        { chain: "fake:b", client: CLIENT_ON_B },
      ],
    ],
    http: { port: 0, ...options.http },
    queue: {
      name: options.queueName ?? "causeway",
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    },
    batch: options.batch ?? {},
    timers: {
      tick: 0.1,
      standby: 0.1,
      finalityPoll: 0.1,
      firstRetry: 0.1,
      longestRetry: 1,
      clear: 1,
      refresh: 1,
      ...options.timers,
    },
  };
  const environment = { DATABASE_URL: options.databaseUrl, REDIS_URL: options.redisUrl };
  return parseConfig(value, "test configuration", {
    families: [fakeFamily(() => new FakeChain("fake:a"))],
    environment,
  });
}

/** `TEST_LOG=1` shows what a relayer under test says. */
export const testLogger: Logger = {
  debug: () => undefined,
  info: (fields, message) => say("info", fields, message),
  warn: (fields, message) => say("warn", fields, message),
  error: (fields, message) => say("error", fields, message),
};

function say(level: string, fields: object, message: string): void {
  if (process.env["TEST_LOG"] !== "1") return;
  const text = JSON.stringify(fields, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  process.stderr.write(`${new Date().toISOString()} ${level} ${message} ${text}\n`);
}

/** Fails, saying what it waited for, when it does not come true in time. */
export async function until(what: string, check: () => boolean | Promise<boolean>, timeout = 300_000): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain for: ${what}`);
    await delay(20);
  }
}

/** How many packets went through a leg, and whether any of them did more than once. */
export function carriedOut(
  chain: FakeChain,
  leg: "receive" | "acknowledge" | "timeout",
): { once: number; more: number } {
  const counts = [...chain.carriedOut].filter(([name]) => name.startsWith(`${leg} `)).map(([, count]) => count);
  return { once: counts.filter((count) => count === 1).length, more: counts.filter((count) => count > 1).length };
}
