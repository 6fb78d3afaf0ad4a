// A relayer between EVM chains as a process of its own, for tests that kill it. Its first argument is an EvmChildOptions.
import { families } from "#adapters/families.ts";
import { parseConfig } from "#relayer/config-schema.ts";
import { startEngine } from "#relayer/start-engine.ts";
import { testLogger } from "./fake-relay.ts";
import { killer } from "./kill-point.ts";
import type { KillAt } from "./kill-point.ts";

export interface EvmChildOptions {
  /** As in the configuration file. */
  readonly config: object;
  readonly redisUrl?: string | undefined;
  readonly killAt?: KillAt | undefined;
}

const { config, redisUrl, killAt } = JSON.parse(process.argv[2] ?? "{}") as EvmChildOptions;
const { listener, wrap } = killer(killAt);
const parsed = parseConfig(config, "test configuration", { families, environment: { REDIS_URL: redisUrl } });
const relayer = await startEngine(parsed, families.map(wrap), { logger: testLogger, listeners: [listener] });
// Stopped, nothing may keep the process: it is not told to exit.
process.once("SIGTERM", () => void relayer.stop());
process.stdout.write(`${relayer.url}\n`);
