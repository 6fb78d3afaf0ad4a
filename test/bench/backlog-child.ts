// A relayer as a process of its own, between fake chains that another process serves. Its first argument is a BacklogChildOptions as
// JSON; it writes its address once it answers, and stops when its standard input ends.
import { families } from "#adapters/families.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Route } from "#relayer/routes.ts";
import { fakeFamily } from "#test/support/fake-family.ts";
import { connectFakeNode } from "#test/support/fake-node-server.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { fakeWorldConfiguration } from "#test/support/fake-world.ts";

export interface BacklogChildOptions {
  readonly data: string;
  /** Where the chains are served. */
  readonly url: string;
  readonly routes: readonly Route[];
}

const { data, url, routes } = JSON.parse(process.argv[2] ?? "{}") as BacklogChildOptions;
const family = fakeFamily(({ chainId }) => connectFakeNode(url, chainId));
const verifiers = import.meta.resolve("#test/support/fake-verifiers.ts");
// The intervals that a relayer has by default.
const timers = { tick: 1, standby: 1, finalityPoll: 2, firstRetry: 1, longestRetry: 300 };
const config = fakeWorldConfiguration({ routes, family }, { data, timers });
// With the real families, whose memory a relayer has, too.
const relayer = await startEngine(config, [family, ...families], { logger: testLogger, verifiers });
process.stdin.resume().once("end", () => void relayer.stop());
process.stdout.write(`${relayer.url}\n`);
