// `causeway client status`: what light clients trust, read from the chains that host them.
import { Command } from "commander";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { loadConfig } from "#relayer/config.ts";
import { createRoutes } from "#relayer/routes.ts";
import type { Lane } from "#relayer/routes.ts";
import { answer } from "./answer.ts";
import { formatEnd, parseEnd } from "./end-name.ts";
import { findLane } from "./find-lane.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export const clientStatusCommand = (terminal: Terminal): Command =>
  new Command("status")
    .description("shows what light clients trust, and when they expire; exit code 0 only if all are active")
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
      const clients = await withSession(config, openLogger(terminal, verbose ? "debug" : "error"), (session) =>
        Promise.all(lanes.map((lane) => readClient(session, lane))),
      );
      answer(terminal, json, { clients }, (found) => found.clients.map(describe).join("\n"));
      terminal.exitCode = clients.every(({ status }) => status === "active") ? 0 : 1;
    });

interface ClientStatus {
  readonly client: string;
  readonly follows: string;
  readonly status: "active" | "frozen" | "expired" | "unknown";
  readonly clientType?: string;
  readonly height?: bigint;
  /** ISO 8601. */
  readonly expires?: string;
  /** Why it could not be read. */
  readonly problem?: string;
}

async function readClient(session: Session, lane: Lane): Promise<ClientStatus> {
  const named = { client: formatEnd(lane.target), follows: lane.source.chain };
  try {
    const chain = await session.chain(lane.target.chain);
    const { status, clientType, height, expiresAt } = await chain.target.trusted(lane.target.client);
    return { ...named, status, clientType, height, expires: new Date(Number(expiresAt) * 1000).toISOString() };
  } catch (error) {
    const problem = isCausewayError(error) ? `${error.code}: ${error.message} → ${error.hint}` : String(error);
    return { ...named, status: "unknown", problem };
  }
}

const describe = (one: ClientStatus): string =>
  `${one.client} follows ${one.follows}: ${one.status}` +
  (one.problem === undefined
    ? ` at height ${one.height}, expires ${one.expires} (${one.clientType})`
    : `, ${one.problem}`);
