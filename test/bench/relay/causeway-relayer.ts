// Causeway as an operator runs it: the command line's `relay`, with a configuration file, a database and a queue.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { Route } from "#relayer/routes.ts";
import { freePort } from "#scripts/devnet/free-port.ts";
import { startNode } from "#scripts/devnet/node-process.ts";
import { root } from "#scripts/steps/step.ts";
import type { BenchChain } from "./bench-chain.ts";
import type { BenchRelayer, RunningRelayer } from "./relayer.ts";

export interface CausewayOptions {
  /** Fresh folder for configuration, data and logs; the database's user has to get there. */
  readonly dir: string;
  readonly chains: readonly [BenchChain, BenchChain];
  readonly route: Route;
  /** How many share the database and the queue. */
  readonly processes: number;
  /** Absent: the queue is in Postgres. */
  readonly redisUrl?: string | undefined;
  /** A folder for profiles of the processor's time, written when a process ends. */
  readonly profiles?: string | undefined;
}

const SETTLING_MS = 2_000;
/** As the demo has it: the chains are as fast. */
const timers = { tick: 0.25, finalityPoll: 0.1, firstRetry: 0.5 };

async function untilReady(url: string, running: Pick<RunningRelayer, "assertRunning">): Promise<void> {
  for (;;) {
    await running.assertRunning();
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
}

export function causewayRelayer(options: CausewayOptions): BenchRelayer {
  const { dir, chains, route, processes, redisUrl, profiles } = options;
  const [first, second] = route;
  const urls: string[] = [];

  async function startProcess(index: number) {
    const port = await freePort();
    const path = join(dir, `relayer-${index}.yaml`);
    const file = {
      data: join(dir, "data"),
      http: { port, requestsPerMinute: 100_000 },
      timers,
      chains: chains.map(({ relayerConfig }) => relayerConfig),
      routes: [route],
    };
    await writeFile(path, stringify(file));
    const environment = redisUrl === undefined ? [] : [`REDIS_URL=${redisUrl}`];
    const profiling = profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`];
    const program = [process.execPath, ...profiling, join(root, "relayer/cli.ts"), "relay", "--config", path];
    const node = startNode(`relayer ${index}`, "env", [...environment, ...program], join(dir, `relayer-${index}.log`));
    return { node, url: `http://127.0.0.1:${port}` };
  }

  return {
    name: "causeway",
    what: `${processes} process${processes === 1 ? "" : "es"}, queue on ${redisUrl === undefined ? "Postgres" : "Redis"}`,
    way: { protocol: "v2", source: first.client, destination: second.client },
    async start() {
      await mkdir(dir, { recursive: true });
      const started = await Promise.all(Array.from({ length: processes }, (_, index) => startProcess(index)));
      urls.splice(0, urls.length, ...started.map(({ url }) => url));
      return {
        pids: started.map(({ node }) => node.pid),
        metrics: () => Promise.all(started.map(async ({ url }) => (await fetch(`${url}/metrics`)).text())),
        async assertRunning() {
          for (const { node } of started) await node.assertRunning();
        },
        async stop() {
          await Promise.all(started.map(({ node }) => node.stop(30_000)));
        },
      };
    },
    async idle(running) {
      await Promise.all(urls.map((url) => untilReady(url, running)));
      await sleep(SETTLING_MS);
    },
  };
}
