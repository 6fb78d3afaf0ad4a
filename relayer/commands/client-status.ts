// `causeway client status`: what light clients trust, read from the chains that host them.
import { Command } from "commander";
import type { ForkAhead } from "#adapters/source-chain.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { loadConfig } from "#relayer/config.ts";
import { createRoutes } from "#relayer/routes.ts";
import { describeContradiction, listClients } from "#relayer/read/clients.ts";
import type { ContradictionView } from "#sdk/api/views.ts";
import type { Lane } from "#relayer/routes.ts";
import { answer } from "./answer.ts";
import { formatEnd, parseEnd } from "./end-name.ts";
import { findLane } from "./find-lane.ts";
import { globalOptions } from "./global-options.ts";
import { isoTime } from "./iso-time.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export const clientStatusCommand = (terminal: Terminal): Command =>
  new Command("status")
    .description(
      "shows what light clients trust, when they expire, and which forks ahead they do not know; exit code 0 only if all are active, under none, and uncontradicted",
    )
    .argument("[chain/client]", "one light client, by the chain that hosts it (default: all of the configuration)")
    .addHelpText(
      "after",
      `
Examples:
  causeway client status --config relayer.yaml
  causeway client status eip155:10/beacon-0 --json`,
    )
    .action(async (name: string | undefined, _: object, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const end = name === undefined ? undefined : parseEnd(name);
      const config = await loadConfig(path);
      const lanes = end === undefined ? createRoutes(config.routes).lanes : [findLane(config, end)];
      const clients = await withSession(config, openLogger(terminal, verbose ? "debug" : "error"), async (session) => {
        const alarms = new Map(
          (await listClients(session.pool)).map(({ chain, client, contradiction }) => [
            `${chain}/${client}`,
            contradiction,
          ]),
        );
        return Promise.all(
          lanes.map(async (lane) => ({
            ...(await readClient(session, lane)),
            contradiction: alarms.get(lane.id) ?? null,
          })),
        );
      });
      answer(terminal, json, { clients }, (found) => found.clients.map(describe).join("\n"));
      const isWell = ({ status, forks, contradiction }: ClientStatus): boolean =>
        status === "active" && !forks?.some(({ hasBegun }) => hasBegun) && contradiction === null;
      terminal.exitCode = clients.every(isWell) ? 0 : 1;
    });

interface ClientStatus {
  readonly client: string;
  readonly follows: string;
  readonly status: "active" | "frozen" | "expired" | "unknown";
  readonly clientType?: string;
  readonly height?: bigint;
  /** ISO 8601. */
  readonly expires?: string;
  /** Forks of the followed chain that it does not know; absent when that chain cannot be asked. */
  readonly forks?: readonly ForkAhead[];
  /** Why it, or the chain it follows, could not be read. */
  readonly problem?: string;
  /** Why its lane stands still, by this relayer's tables. */
  readonly contradiction: ContradictionView | null;
}

async function readClient(session: Session, lane: Lane): Promise<Omit<ClientStatus, "contradiction">> {
  const named = { client: formatEnd(lane.target), follows: lane.source.chain };
  try {
    const chain = await session.chain(lane.target.chain);
    const trusted = await chain.target.trusted(lane.target.client);
    const { status, clientType, height, expiresAt } = trusted;
    const expires = isoTime(expiresAt);
    const forks = await forksAhead(session, lane, trusted);
    return { ...named, status, clientType, height, expires, ...forks };
  } catch (error) {
    return { ...named, status: "unknown", problem: problemOf(error) };
  }
}

const problemOf = (error: unknown): string =>
  isCausewayError(error) ? `${error.code}: ${error.message} → ${error.hint}` : String(error);

async function forksAhead(
  session: Session,
  { source, target }: Lane,
  trusted: TrustedClient,
): Promise<Pick<ClientStatus, "forks" | "problem">> {
  try {
    const followed = await session.chain(source.chain);
    return { forks: await followed.source.forksAhead({ targetChain: target.chain, trusted }) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function describe({ client, follows, status, clientType, height, expires, ...rest }: ClientStatus): string {
  const { forks = [], problem, contradiction } = rest;
  const trusts = height === undefined ? "" : ` at height ${height}, expires ${expires} (${clientType})`;
  return [
    `${client} follows ${follows}: ${status}${trusts}`,
    ...(problem === undefined ? [] : [`  ${problem}`]),
    ...(contradiction === null ? [] : [`  ALARM ${describeContradiction(contradiction)}`]),
    ...forks.flatMap((fork) => [`  ${fork.problem}`, `  → ${fork.hint}`]),
  ].join("\n");
}
