// The demo: two chains, a route between them, a relayer, and packets both ways, each delivered, acknowledged and proven.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { Chain } from "#adapters/adapter.ts";
import { families } from "#adapters/families.ts";
import type { Logger } from "#adapters/logger.ts";
import { openRoute } from "#relayer/commands/open-route.ts";
import { parseConfig } from "#relayer/config-schema.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { startRelayer } from "#relayer/main.ts";
import type { Chains } from "#relayer/open-chains.ts";
import { openChains } from "#relayer/open-chains.ts";
import { openTransactionStore } from "#relayer/packets/transaction-store.ts";
import { openProofLog } from "#relayer/proof-log/open.ts";
import type { Route } from "#relayer/routes.ts";
import { readSecret } from "#relayer/secrets.ts";
import { buildSimd } from "#scripts/devnet/simd/build.ts";
import { createApi } from "#sdk/api/client.ts";
import { auditPacket } from "./audit-packet.ts";
import { startCosmosDemoChain } from "./cosmos-demo-chain.ts";
import type { DemoChain } from "./demo-chain.ts";
import { startEvmDemoChain } from "./evm-demo-chain.ts";
import type { EvmDemoChain } from "./evm-demo-chain.ts";
import { followPackets } from "./follow-packets.ts";
import type { FollowedPacket } from "./follow-packets.ts";
import { goOn } from "./go-on.ts";
import type { RunningDemo } from "./go-on.ts";
import { describeReport, packetReport } from "./packet-report.ts";
import type { PacketReport } from "./packet-report.ts";
import { createProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import type { SentPacket } from "./sent-packet.ts";

export interface DemoOptions {
  /** An ibc-go chain instead of the second EVM chain. */
  readonly cosmos: boolean;
  /** End after the last acknowledgement instead of staying up. */
  readonly exit: boolean;
  /** One JSON object per packet on `output`, progress on `errors`. */
  readonly json: boolean;
  /** Keep the audit bundles here; otherwise they go with the rest at the end. */
  readonly bundles: string | undefined;
  /** Write what scripts need to send more there, as shell variables; otherwise it goes with the rest. */
  readonly environment: string | undefined;
  readonly output: Writable;
  readonly errors: Writable;
  readonly logger: Logger;
  /** Ends the demo. */
  readonly signal: AbortSignal;
}

/** Seconds: a day, longer than any demo. */
const TRUSTING_PERIOD = 86_400n;

type Closers = (() => Promise<void>)[];

/** Returns whether every packet was delivered, acknowledged and proven. Leaves nothing running and no files but `bundles`. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const closers: Closers = [];
  try {
    return await demo(options, closers);
  } finally {
    for (const close of closers.reverse())
      await close().catch((error: Error) => options.logger.warn({ error: error.message }, "not closed cleanly"));
  }
}

async function demo(options: DemoOptions, closers: Closers): Promise<boolean> {
  const { signal, logger, output } = options;
  const began = Date.now();
  const progress = createProgress(options.json ? options.errors : output);
  const elapsed = (): string => `${((Date.now() - began) / 1000).toFixed(1)} s`;

  const directory = await mkdtemp(join(tmpdir(), "causeway-demo-"));
  closers.push(() => rm(directory, { recursive: true, force: true }));
  // Before anything runs: it takes some minutes once, and fails where there is no Go.
  if (options.cosmos) await buildSimd((line) => progress.say(line));
  signal.throwIfAborted();
  progress.say("starting two chains and a database");
  const [first, second, database] = await startAll(options, directory, closers);
  progress.say(`two chains with contracts, and a database (${elapsed()})`);
  signal.throwIfAborted();

  const transactions = openTransactionStore(database);
  closers.push(() => transactions.close());
  const chains = await openChains([first.userConfig, second.userConfig], families, {
    logger,
    transactions,
    readSecret,
    now: Date.now,
  });
  closers.push(() => chains.close());
  const route = await openRoute(chains.get(first.chainId), chains.get(second.chainId), TRUSTING_PERIOD);
  progress.say(
    `a light client of each chain on the other: ${route.map((end) => `${end.chain}/${end.client}`).join(", ")} (${elapsed()})`,
  );

  signal.throwIfAborted();
  const [relayer, sent] = await Promise.all([
    startRelayer(relayerConfig(directory, [first, second], route), { logger }).then((started) => {
      closers.push(() => started.stop());
      return started;
    }),
    sendAll(first, second, route, chains),
  ]);
  progress.say(`a relayer at ${relayer.url}, ${sent.length} packets sent (${elapsed()})`);

  const followed = await followPackets(createApi({ url: relayer.url }), sent, progress, signal);
  const { reports, logKey } = await reportAll(options, {
    database,
    directory,
    followed,
    api: relayer.url,
    chain: (id) => chains.get(id),
  });
  const good = reports.every((report) => report.problems.length === 0);
  for (const report of reports)
    output.write(options.json ? `${JSON.stringify(report)}\n` : `\n${describeReport(report)}\n`);
  progress.say(
    `\n${good ? `${sent.length === 4 ? "all four" : "both"} packets are delivered, acknowledged and proven` : "NOT all packets made it"} (${elapsed()})`,
  );
  if (!options.exit) {
    const { environment } = options;
    const running = { directory, chains: [first, second], route, api: relayer.url, logKey, environment } as const;
    await stayUp(progress, { ...running, packet: sent[0]?.id }, signal);
  }
  return good;
}

async function startAll(
  { cosmos, logger }: DemoOptions,
  directory: string,
  closers: Closers,
): Promise<[EvmDemoChain, DemoChain, Database]> {
  const closing = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    closers.push(() => started.stop());
    return started;
  };
  const starting = [
    closing(startEvmDemoChain({ name: "Alpha", chainId: 31_337, directory })),
    closing<DemoChain>(
      cosmos
        ? startCosmosDemoChain({ name: "Beta", chainId: "simd-1", directory })
        : startEvmDemoChain({ name: "Beta", chainId: 31_338, directory }),
    ),
    openDatabase({ dataDir: directory, logger }).then((database) => {
      closers.push(() => database.close());
      return database;
    }),
  ] as const;
  // Whatever fails, all have to be known before anything is closed.
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

function relayerConfig(directory: string, chains: readonly DemoChain[], route: Route) {
  const value = {
    data: directory,
    http: { port: 0 },
    timers: { tick: 0.25, finalityPoll: 0.25, firstRetry: 0.5 },
    chains: chains.map((chain) => chain.relayerConfig),
    routes: [route],
  };
  return parseConfig(value, "demo", { families, environment: {} });
}

async function sendAll(
  first: DemoChain,
  second: DemoChain,
  [onFirst, onSecond]: Route,
  chains: Chains,
): Promise<SentPacket[]> {
  const send = (from: DemoChain, to: DemoChain, sourceClient: string): Promise<SentPacket[]> =>
    from.sendPackets({ sourceClient, to, apps: chains.get(from.chainId).apps });
  return (await Promise.all([send(first, second, onFirst.client), send(second, first, onSecond.client)])).flat();
}

async function reportAll(
  options: DemoOptions,
  done: {
    readonly database: Database;
    readonly directory: string;
    readonly followed: readonly FollowedPacket[];
    readonly api: string;
    chain(id: string): Chain;
  },
): Promise<{ readonly reports: readonly PacketReport[]; readonly logKey: string }> {
  const { database, directory, api } = done;
  const bundles = options.bundles ?? join(directory, "bundles");
  const kept = options.bundles !== undefined || !options.exit;
  await mkdir(bundles, { recursive: true });
  const log = await openProofLog(database.pool, { dataDir: directory, logger: options.logger });
  try {
    const reports: PacketReport[] = [];
    for (const { sent, view, life } of done.followed) {
      const { packet } = sent;
      const [[received], [acknowledged]] = await Promise.all([
        done.chain(sent.to.chainId).target.standing([{ kind: "receive", packet }]),
        done.chain(sent.from.chainId).target.standing([{ kind: "acknowledge", packet }]),
      ]);
      const onChain = { delivered: received === "done", acknowledged: acknowledged === "done" };
      const audited = await auditPacket(database.pool, log, sent.id, bundles);
      reports.push(packetReport({ sent, life, view, onChain, audited, kept, api }));
    }
    return { reports, logKey: (await log.checkpoint()).key };
  } finally {
    await log.close();
  }
}

async function stayUp(progress: Progress, demo: RunningDemo, signal: AbortSignal): Promise<void> {
  const lines = await goOn(demo);
  progress.say(`\nstaying up until Ctrl-C:`);
  for (const chain of demo.chains) progress.say(`  ${chain.name}  ${chain.chainId}  ${chain.answersAt}`);
  progress.say(`  explorer ${demo.api}/`);
  progress.say(`  relayer  ${demo.api}/v1/openapi.json  ${demo.api}/metrics`);
  for (const line of lines) progress.say(line);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  progress.say("\nstopping");
}
