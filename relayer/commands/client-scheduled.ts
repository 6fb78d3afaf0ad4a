// `causeway client scheduled`: which light clients are about to be replaced, and by what.
import { Command } from "commander";
import { loadConfig } from "#relayer/config.ts";
import { createRoutes } from "#relayer/routes.ts";
import { answer } from "./answer.ts";
import { formatEnd, parseEnd } from "./end-name.ts";
import { findLane } from "./find-lane.ts";
import { globalOptions } from "./global-options.ts";
import { describeMigration, viewMigration } from "./migration-view.ts";
import type { MigrationView } from "./migration-view.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export const clientScheduledCommand = (terminal: Terminal): Command =>
  new Command("scheduled")
    .description(
      "shows which light clients are about to be replaced, by what, and when; exit code 0 only without problems",
    )
    .argument("[chain/client]", "one light client, by the chain that hosts it (default: all of the configuration)")
    .addHelpText(
      "after",
      `
Reads the chains that host them: whoever scheduled it, with whatever tool.

Examples:
  causeway client scheduled --config relayer.yaml
  causeway client scheduled eip155:10/beacon-0 --json`,
    )
    .action(async (name: string | undefined, _: object, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const end = name === undefined ? undefined : parseEnd(name);
      const config = await loadConfig(path);
      const lanes = end === undefined ? createRoutes(config.routes).lanes : [findLane(config, end)];
      const scheduled: MigrationView[] = [];
      await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) => {
        for (const { source: followed, target: host } of lanes) {
          const [source, target] = [await session.chain(followed.chain), await session.chain(host.chain)];
          const { now } = await target.target.trusted(host.client);
          for (const migration of await target.admin.migrations.scheduled(host.client))
            scheduled.push(await viewMigration(source, formatEnd(host), migration, { now, signal: terminal.signal }));
        }
      });
      answer(terminal, json, { scheduled }, (found) =>
        found.scheduled.length === 0 ? "nothing is scheduled" : found.scheduled.map(describeMigration).join("\n\n"),
      );
      terminal.exitCode = scheduled.every(({ problem }) => problem === null) ? 0 : 1;
    });
