// `causeway trace`: where a packet is, why, what comes next and when, and who can do what about it.
import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import { families } from "#adapters/families.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { loadConfig } from "#relayer/config.ts";
import type { Config } from "#relayer/config-schema.ts";
import { readSecret } from "#relayer/secrets.ts";
import { openWorld } from "#relayer/trace/open-world.ts";
import { trace } from "#relayer/trace/trace.ts";
import { createApi } from "#sdk/api/client.ts";
import { traceAnswer } from "#sdk/trace/answer.ts";
import type { TraceAnswer } from "#sdk/trace/answer.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import type { Terminal } from "./terminal.ts";
import { describeChange, describeTrace, widthOf } from "./trace-view.ts";

interface Options {
  readonly api?: string;
  readonly tokenFrom?: string;
  readonly follow?: boolean;
}

/** Whoever is asked, again and again. */
interface Teller {
  /** For people. */
  readonly name: string;
  ask(id: string): Promise<TraceAnswer>;
  close(): Promise<void>;
}

export const traceCommand = (terminal: Terminal): Command =>
  new Command("trace")
    .description("says where a packet is, why it waits, what comes next and when, and who can do what about it")
    .argument(
      "<id>",
      "packet (chain/client/sequence), message id, or transaction: the sending, delivering or acknowledging one",
    )
    .option("--api <url>", "asks the relayer there; needs no configuration")
    .option("--token-from <variable>", "environment variable that holds a token, where reading is not public")
    .option("--follow", "prints each change until the packet's life is over")
    .addHelpText(
      "after",
      `
Without --api the relayer of the configuration is asked, at its \`http\` address; when none answers, the configured chains
alone, which do not say what a relayer is doing. The last line says who told it.

Exit codes:
  0  delivered and acknowledged, or on its way
  1  nobody could be asked
  2  called or configured wrongly
  3  held: it waits for somebody, not for time
  4  over without being received as sent: refunded or failed
  5  unknown: nobody asked knows it, or not enough could be read

Examples:
  causeway trace eip155:1/beacon-0/7
  causeway trace 0x6b1f…e2 --follow
  causeway trace eip155:1/beacon-0/7 --api https://relayer.example --json`,
    )
    .action(async (given: string, options: Options, command: Command) => {
      const { config, json, verbose } = globalOptions(command);
      const id = given.trim();
      if (id === "" || id.length > 150)
        throw new CausewayError("INVALID_ARGUMENT", "the id is empty or longer than any", {
          hint: "give a packet id like eip155:1/beacon-0/7, a message id, or a transaction",
        });
      const teller = await openTeller({ options, config, verbose, terminal });
      try {
        const last = options.follow === true ? await follow(teller, id, terminal, json) : await teller.ask(id);
        const { columns } = terminal.output;
        if (options.follow !== true && json) terminal.output.write(`${JSON.stringify(last)}\n`);
        if (!json) terminal.output.write(`${describeTrace(last, teller.name, widthOf(columns))}\n`);
        terminal.exitCode = terminal.signal.aborted ? 130 : EXIT_CODES[last.explanation.standing];
      } finally {
        await teller.close();
      }
    });

const EXIT_CODES: Readonly<Record<TraceAnswer["explanation"]["standing"], number>> = {
  underway: 0,
  done: 0,
  held: 3,
  refunded: 4,
  failed: 4,
  unknown: 5,
};

interface Asked {
  readonly options: Options;
  readonly config: string;
  readonly verbose: boolean;
  readonly terminal: Terminal;
}

async function openTeller({ options, config: path, verbose, terminal }: Asked): Promise<Teller> {
  const { api, tokenFrom } = options;
  const token = tokenFrom === undefined ? undefined : await readSecret({ env: tokenFrom });
  const { signal } = terminal;
  if (api !== undefined) return relayerAt({ url: api, name: `the relayer at ${api}`, token, signal });
  const config = await loadConfig(path);
  const own = addressOf(config);
  if (config.http.port !== 0 && (await isThere(own)))
    return relayerAt({ url: own, name: `the relayer of this configuration, at ${own}`, token, signal });
  const world = await openWorld(config, families, openLogger(terminal, verbose ? "debug" : "error"));
  return {
    name: "the chains alone, since no relayer answers",
    ask: (id) => trace(world, id, AbortSignal.any([signal, AbortSignal.timeout(CHAINS_MS)])),
    close: () => world.close(),
  };
}

/** Long enough to go through some history. */
const CHAINS_MS = 60_000;
const THERE_MS = 2_000;

interface Address {
  readonly url: string;
  readonly name: string;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
}

function relayerAt({ url, name, token, signal }: Address): Teller {
  const api = createApi({ url, token });
  return {
    name,
    ask: (id) => api.read(`/v1/trace/${id.split("/").map(encodeURIComponent).join("/")}`, traceAnswer, { signal }),
    close: async () => undefined,
  };
}

async function isThere(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(THERE_MS) })).ok;
  } catch {
    return false;
  }
}

/** An address to listen on everywhere is reached at home. */
function addressOf({ http: { host, port } }: Config): string {
  const at = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  return `http://${at}:${port}`;
}

const ENDS: ReadonlySet<string> = new Set(["done", "refunded", "failed"]);
const PAUSE_MS = 1_000;

/** Returns the last answer: at the packet's end, or when it is interrupted. An outage after the first answer is waited out. */
async function follow(teller: Teller, id: string, terminal: Terminal, json: boolean): Promise<TraceAnswer> {
  const { output, signal } = terminal;
  let last = await teller.ask(id);
  let shown: string | undefined;
  for (;;) {
    const stands = standsAt(last);
    if (stands !== shown)
      output.write(json ? `${JSON.stringify(last)}\n` : `${describeChange(last, widthOf(output.columns))}\n`);
    shown = stands;
    if (!ENDS.has(last.explanation.standing)) {
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) {
        last = await askAgain(teller, id, last);
        continue;
      }
    }
    if (!json) output.write("\n");
    return last;
  }
}

async function askAgain(teller: Teller, id: string, before: TraceAnswer): Promise<TraceAnswer> {
  try {
    return await teller.ask(id);
  } catch (error) {
    // Interrupted, or an outage: what was said last stands.
    if (isCausewayError(error) && error.retry === "later") return before;
    throw error;
  }
}

/** What counts as a change; the seconds in a sentence do not. */
const standsAt = ({ explanation: { state, timeline } }: TraceAnswer): string =>
  JSON.stringify([state, timeline.map(({ name, status, height, transaction }) => [name, status, height, transaction])]);
