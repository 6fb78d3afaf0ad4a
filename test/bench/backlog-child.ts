// A relayer as a process of its own, between fake chains that another process serves. Its first argument is a BacklogChildOptions as
// JSON; it writes its address once it answers, and stops when its standard input ends.
import { boundHeap } from "#relayer/bound-heap.ts";
import type { Route } from "#relayer/routes.ts";

export interface BacklogChildOptions {
  readonly data: string;
  /** Where the chains are served. */
  readonly url: string;
  readonly routes: readonly Route[];
}

// Before much is loaded, as the command does; and with the real families, whose memory a relayer has, too.
boundHeap();
const { families } = await import("#adapters/families.ts");
const { startEngine } = await import("#relayer/start-engine.ts");
const { fakeFamily } = await import("#test/support/fake-family.ts");
const { connectFakeNode } = await import("#test/support/fake-node-server.ts");
const { testLogger } = await import("#test/support/fake-relay.ts");
const { fakeWorldConfiguration } = await import("#test/support/fake-world.ts");

const { data, url, routes } = JSON.parse(process.argv[2] ?? "{}") as BacklogChildOptions;
const family = fakeFamily(({ chainId }) => connectFakeNode(url, chainId));
const verifiers = import.meta.resolve("#test/support/fake-verifiers.ts");
// The intervals that a relayer has by default.
const timers = { tick: 1, standby: 1, finalityPoll: 2, firstRetry: 1, longestRetry: 300 };
const config = fakeWorldConfiguration({ routes, family }, { data, timers });
const relayer = await startEngine(config, [family, ...families], { logger: testLogger, verifiers });
process.stdin.resume().once("end", () => void relayer.stop());
process.stdout.write(`${relayer.url}\n`);
