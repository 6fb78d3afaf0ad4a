// `causeway client add-fork`: tells a light client of forks of its chain that it does not know.
import { Command } from "commander";
import type { DelayedAction } from "#adapters/chain-admin.ts";
import { loadConfig } from "#relayer/config.ts";
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

export const clientAddForkCommand = (terminal: Terminal): Command =>
  new Command("add-fork")
    .description("puts the forks that a light client does not know at the end of its table: an admin's delayed action")
    .argument("<chain/client>", "the light client, by the chain that hosts it")
    .addHelpText(
      "after",
      `
The chain's own endpoints say which forks these are, and all of them have to agree. The signer of the chain that hosts the
light client has to be its admin. The first call schedules, and says when the delay is over; a call after that carries it
out. Calling again does no harm. A row never changes: what cannot be helped by adding one is refused.

Examples:
  causeway client status eip155:10/beacon-0 --config relayer.yaml
  causeway client add-fork eip155:10/beacon-0 --config admin.yaml
  causeway client add-fork eip155:10/beacon-0 --config admin.yaml --json`,
    )
    .action(async (name: string, _: object, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const end = parseEnd(name);
      const config = await loadConfig(path);
      const lane = findLane(config, end);
      const result = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), (session) =>
        addForks(session, lane),
      );
      answer(terminal, json, result, describe);
    });

interface AddedForks {
  readonly client: string;
  readonly follows: string;
  /** In the order in which they begin; empty when the light client knows them all. */
  readonly forks: readonly ({ readonly name: string; readonly description: string } & DelayedAction)[];
}

async function addForks(session: Session, { source, target }: Lane): Promise<AddedForks> {
  const [followed, host, log] = await Promise.all([
    session.chain(source.chain),
    session.chain(target.chain),
    session.log(),
  ]);
  const trusted = await host.target.trusted(target.client);
  const missing = await followed.admin.missingForks({ targetChain: target.chain, trusted });
  const forks = [];
  // One after the other: each row has to come after the one before.
  for (const { name, description, fork } of missing) {
    const action = await host.admin.addFork(target.client, fork);
    forks.push({ name, description, ...action });
    if (action.transaction === undefined) continue;
    await log.append({
      kind: "control",
      event: action.status === "done" ? "fork added" : "fork scheduled",
      detail: { client: formatEnd(target), fork: name, row: description, transaction: action.transaction },
    });
  }
  return { client: formatEnd(target), follows: source.chain, forks };
}

function describe({ client, follows, forks }: AddedForks): string {
  if (forks.length === 0) return `${client} knows every fork that ${follows} has scheduled`;
  return forks
    .map((fork) => {
      const row = `${fork.name} (${fork.description})`;
      if (fork.status === "done") return `${client}: ${row} added, in transaction ${fork.transaction ?? "-"}`;
      const how = fork.transaction === undefined ? "is scheduled" : `scheduled in transaction ${fork.transaction}`;
      return `${client}: ${row} ${how}; call again from ${isoTime(fork.readyAt)} on`;
    })
    .join("\n");
}
