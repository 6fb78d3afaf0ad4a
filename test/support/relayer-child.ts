// A relayer as a process of its own, for tests that kill it. Its first argument is a RelayerChildOptions as JSON.
import { startEngine } from "#relayer/start-engine.ts";
import { fakeFamily } from "./fake-family.ts";
import { connectFakeNode } from "./fake-node-server.ts";
import { fakeConfiguration, testLogger } from "./fake-relay.ts";
import type { FakeConfigOptions } from "./fake-relay.ts";
import { killer } from "./kill-point.ts";
import type { KillAt } from "./kill-point.ts";

export interface RelayerChildOptions extends FakeConfigOptions {
  readonly url: string;
  readonly killAt?: KillAt | undefined;
}

const { killAt, ...options } = JSON.parse(process.argv[2] ?? "{}") as RelayerChildOptions;
const { listener, wrap } = killer(killAt);
const family = wrap(fakeFamily(({ chainId, url }) => connectFakeNode(url ?? "", chainId)));
const relayer = await startEngine(fakeConfiguration(options), [family], { logger: testLogger, listeners: [listener] });
// Stopped, nothing may keep the process: it is not told to exit.
process.once("SIGTERM", () => void relayer.stop());
process.stdout.write(`${relayer.url}\n`);
