// `causeway client create`: opens a route between two chains.
import { Command } from "commander";
import { CausewayError } from "#adapters/protocol/error.ts";
import { loadConfig } from "#relayer/config.ts";
import { answer } from "./answer.ts";
import { parseDuration } from "./duration.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { openRoute } from "./open-route.ts";
import { withSession } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export const clientCreateCommand = (terminal: Terminal): Command =>
  new Command("create")
    .description("creates a light client of each chain on the other and makes them counterparties: a new route")
    .argument("<first>", "a configured chain")
    .argument("<second>", "another configured chain")
    .option("--trusting-period <duration>", "a light client not updated for so long expires", "7d")
    .addHelpText(
      "after",
      `
Both chains need a signer with funds. Add the route it prints to the configuration.

Examples:
  causeway client create eip155:1 eip155:10 --config relayer.yaml
  causeway client create eip155:1 eip155:10 --trusting-period 14d --json`,
    )
    .action(async (first: string, second: string, options: { trustingPeriod: string }, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const trustingPeriod = BigInt(parseDuration(options.trustingPeriod));
      if (first === second) throw new CausewayError("INVALID_ARGUMENT", "a route leads to another chain");
      const config = await loadConfig(path);
      const route = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) => {
        const [one, other] = await Promise.all([session.chain(first), session.chain(second)]);
        return openRoute(one, other, trustingPeriod);
      });
      answer(terminal, json, { route }, ({ route: [one, other] }) =>
        [
          "a new route; add it to the configuration:",
          "",
          "routes:",
          `  - - { chain: "${one.chain}", client: "${one.client}" }`,
          `    - { chain: "${other.chain}", client: "${other.client}" }`,
        ].join("\n"),
      );
    });
