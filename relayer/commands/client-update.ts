// `causeway client update`: brings a light client to the newest finalized height, now, however far behind it is.
import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import type { SubmitResult } from "#adapters/target-chain.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { loadConfig } from "#relayer/config.ts";
import type { Lane } from "#relayer/routes.ts";
import { answer } from "./answer.ts";
import { formatEnd, parseEnd } from "./end-name.ts";
import { findLane } from "./find-lane.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";
import { updateStep } from "./update-step.ts";

export const clientUpdateCommand = (terminal: Terminal): Command =>
  new Command("update")
    .description("brings a light client to its chain's newest finalized height (a running relayer does so in time)")
    .argument("<chain/client>", "the light client, by the chain that hosts it")
    .addHelpText(
      "after",
      `
One that is far behind takes several transactions, one line each. Stopped or killed, the same command goes on from there.

Examples:
  causeway client update eip155:10/beacon-0 --config relayer.yaml
  causeway client update eip155:10/beacon-0 --json`,
    )
    .action(async (name: string, _: object, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const end = parseEnd(name);
      const config = await loadConfig(path);
      const lane = findLane(config, end);
      const progress = (line: string): void => {
        if (!json) terminal.errors.write(`${line}\n`);
      };
      const result = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), (session) =>
        updateClient(session, lane, { signal: terminal.signal, progress }),
      );
      answer(terminal, json, result, ({ client, from, to, transactions }) =>
        from === to ? `${client} is at ${to} already` : `${client}: ${from} → ${to}, in ${counted(transactions)}`,
      );
    });

const counted = (transactions: readonly string[]): string =>
  transactions.length === 1 ? `transaction ${transactions[0]}` : `${transactions.length} transactions`;

interface Updated {
  readonly client: string;
  readonly from: bigint;
  readonly to: bigint;
  /** In order; none when others brought the updates. */
  readonly transactions: readonly string[];
}

interface Observer {
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/** An endpoint may be a moment behind the one that showed the transaction. */
const LOOKS = 30;
const LOOK_MS = 1_000;

async function updateClient(session: Session, lane: Lane, { signal, progress }: Observer): Promise<Updated> {
  const [source, target, log] = await Promise.all([
    session.chain(lane.source.chain),
    session.chain(lane.target.chain),
    session.log(),
  ]);
  const read = (): Promise<TrustedClient> => target.target.trusted(lane.target.client);
  const moved = async (from: TrustedClient): Promise<TrustedClient> => {
    for (let look = 0; look < LOOKS; look += 1) {
      const now = await read();
      if (Buffer.compare(now.state, from.state) !== 0) return now;
      await delay(LOOK_MS, undefined, { signal });
    }
    throw new CausewayError("RPC_STALE", `${formatEnd(lane.target)} is still at ${from.height} after its update`);
  };

  const client = formatEnd(lane.target);
  // Where the chain is when the command begins, as it goes on meanwhile; 0 when that cannot be read: then proving says why.
  const { finalizedHeight: goal } = await source.health();
  const first = await read();
  const transactions: string[] = [];
  let trusted = first;
  while (goal === 0n || trusted.height < goal) {
    const minHeight = goal > trusted.height ? goal : trusted.height + 1n;
    const step = updateStep({ lane, source, target, log }, trusted, minHeight, signal);
    const result = await (goal === 0n ? unlessCurrent(step) : step);
    if (result === undefined) break;
    const { height } = trusted;
    trusted = await moved(trusted);
    const { transaction } = result;
    if (transaction !== undefined) transactions.push(transaction.id);
    const most = trusted.height > goal ? trusted.height : goal;
    progress(`${client}: ${height} → ${trusted.height} of ${most}, transaction ${transaction?.id ?? "by others"}`);
  }
  return { client, from: first.height, to: trusted.height, transactions };
}

/** Undefined when nothing newer is final. */
async function unlessCurrent(step: Promise<SubmitResult>): Promise<SubmitResult | undefined> {
  try {
    return await step;
  } catch (error) {
    if (isCausewayError(error) && error.code === "NOT_FINAL_YET") return undefined;
    throw error;
  }
}
