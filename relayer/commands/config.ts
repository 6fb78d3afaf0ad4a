// `causeway config check`: every problem of a configuration at once.
import { Command } from "commander";
import type { ChainHealth } from "#adapters/adapter.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Config } from "#relayer/config-schema.ts";
import { loadConfig } from "#relayer/config.ts";
import { answer } from "./answer.ts";
import { formatEnd } from "./end-name.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { withSession } from "./session.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export const configCommand = (terminal: Terminal): Command =>
  new Command("config")
    .description("the configuration file")
    .addCommand(checkCommand(terminal))
    .addHelpText("after", "\nExamples:\n  causeway config check --config relayer.yaml");

const checkCommand = (terminal: Terminal): Command =>
  new Command("check")
    .description("names every problem of the configuration at once; exit code 0 only if there is none")
    .option("--connect", "also ask every endpoint: chain ids, contracts, light clients, funds")
    .addHelpText(
      "after",
      `
Examples:
  causeway config check --config relayer.yaml
  causeway config check --config relayer.yaml --connect`,
    )
    .action(async (options: { connect?: true }, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const config = await loadConfig(path);
      const problems =
        options.connect === true
          ? await withSession(config, openLogger(terminal, verbose ? "debug" : "error"), (session) =>
              connect(session, config),
            )
          : [];
      if (problems.length > 0)
        throw new CausewayError("INVALID_CONFIG", problems.join("\n"), {
          context: { problems: problems.length },
          hint: "see what each line says",
        });
      const value = {
        config: path,
        data: config.data,
        database: config.databaseUrl === undefined ? "embedded" : "external",
        queue: config.redisUrl === undefined ? "database" : "redis",
        chains: config.chains.map(({ chainId }) => chainId),
        routes: config.routes.map((route) => route.map(formatEnd)),
      };
      answer(terminal, json, value, (found) =>
        [
          `${found.config} is good`,
          `  chains    ${found.chains.join(", ")}`,
          `  routes    ${found.routes.map((route) => route.join(" ↔ ")).join(", ") || "none yet: `causeway client create` opens one"}`,
          `  database  ${found.database}, data in ${found.data}`,
          `  queue     ${found.queue}`,
        ].join("\n"),
      );
    });

const describe = (where: string, error: unknown): string =>
  isCausewayError(error) ? `${where}: ${error.code}: ${error.message} → ${error.hint}` : `${where}: ${String(error)}`;

function healthProblems(chainId: string, { endpoints, signer }: ChainHealth): string[] {
  return [
    ...endpoints
      .filter((endpoint) => !endpoint.ok)
      .map(({ name, problem }) => `${chainId}: endpoint ${name}: ${problem ?? "does not work"}`),
    ...(signer !== undefined && signer.balance === 0n
      ? [`${chainId}: the signer ${signer.address} has no funds → send funds to it`]
      : []),
  ];
}

async function connect(session: Session, config: Config): Promise<string[]> {
  const ends = config.routes.flat();
  const perChain = config.chains.map(async ({ chainId }): Promise<string[]> => {
    try {
      const chain = await session.chain(chainId);
      const clients = ends
        .filter((end) => end.chain === chainId)
        .map(async (end): Promise<string[]> => {
          try {
            const { status } = await chain.target.trusted(end.client);
            return status === "active" ? [] : [`${formatEnd(end)}: the light client is ${status}`];
          } catch (error) {
            return [describe(formatEnd(end), error)];
          }
        });
      return [...healthProblems(chainId, await chain.health()), ...(await Promise.all(clients)).flat()];
    } catch (error) {
      return [describe(chainId, error)];
    }
  });
  return (await Promise.all(perChain)).flat();
}
