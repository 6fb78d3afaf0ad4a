// `causeway client`: light clients.
import { Command } from "commander";
import { clientAddForkCommand } from "./client-add-fork.ts";
import { clientCreateCommand } from "./client-create.ts";
import { clientMigrateCommand } from "./client-migrate.ts";
import { clientResumeCommand } from "./client-resume.ts";
import { clientScheduledCommand } from "./client-scheduled.ts";
import { clientStatusCommand } from "./client-status.ts";
import { clientUpdateCommand } from "./client-update.ts";
import type { Terminal } from "./terminal.ts";

export const clientCommand = (terminal: Terminal): Command =>
  new Command("client")
    .description("light clients: open a route, keep it alive, look at it, recover it")
    .addCommand(clientCreateCommand(terminal))
    .addCommand(clientUpdateCommand(terminal))
    .addCommand(clientStatusCommand(terminal))
    .addCommand(clientAddForkCommand(terminal))
    .addCommand(clientMigrateCommand(terminal))
    .addCommand(clientScheduledCommand(terminal))
    .addCommand(clientResumeCommand(terminal))
    .addHelpText(
      "after",
      `
Examples:
  causeway client create eip155:1 eip155:10
  causeway client status
  causeway client update eip155:10/beacon-0
  causeway client add-fork eip155:10/beacon-0
  causeway client migrate eip155:10/beacon-0`,
    );
