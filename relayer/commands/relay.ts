// `causeway relay`: the relayer, until it is told to stop.
import { Command } from "commander";
import { CausewayError } from "#adapters/protocol/error.ts";
import { loadConfig } from "#relayer/config.ts";
import { startRelayer } from "#relayer/main.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import type { Terminal } from "./terminal.ts";

export const relayCommand = (terminal: Terminal): Command =>
  new Command("relay")
    .description("runs the relayer: watches the chains, proves, delivers and logs, until Ctrl-C")
    .addHelpText(
      "after",
      `
Logs are JSON lines on standard error. /healthz, /readyz, /metrics and the read API answer on the configured port.

Examples:
  causeway relay --config relayer.yaml
  DATABASE_URL=postgres://… REDIS_URL=redis://… causeway relay --config relayer.yaml --verbose`,
    )
    .action(async (_: object, command: Command) => {
      const { config: path, verbose } = globalOptions(command);
      const config = await loadConfig(path);
      if (config.routes.length === 0)
        throw new CausewayError("INVALID_CONFIG", `${path} names no routes: there is nothing to relay`, {
          hint: "open one with `causeway client create` and add it under routes",
        });
      const relayer = await startRelayer(config, { logger: openLogger(terminal, verbose ? "debug" : "info") });
      await new Promise<void>((resolve) => {
        if (terminal.signal.aborted) resolve();
        terminal.signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await relayer.stop();
    });
