// The command line: `causeway --help`. One file per command in commands/.
import { Command, CommanderError } from "commander";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { describeError } from "./commands/describe-error.ts";
import { loadCommands } from "./commands/load-commands.ts";
import type { Terminal } from "./commands/terminal.ts";
import { keepCompiled } from "./compile-cache.ts";

/** With the command that `argv` calls; with all when it names none. */
export async function createProgram(terminal: Terminal, argv: readonly string[]): Promise<Command> {
  const program = new Command("causeway")
    .description("Relays packets between chains, proves everything, and trusts nobody in the middle.")
    .option("--config <path>", "configuration file", "relayer.yaml")
    .option("--json", "answers and errors as JSON")
    .option("--verbose", "logs everything, on standard error")
    .addHelpText(
      "after",
      `
Examples:
  causeway demo
  causeway config check --config relayer.yaml
  causeway relay --config relayer.yaml
  causeway trace eip155:1/beacon-0/7 --follow
  causeway status --json`,
    );
  for (const make of await loadCommands(argv)) program.addCommand(make(terminal));
  prepare(program, terminal);
  return program;
}

/** Errors are thrown to `run` instead of ending the process. */
function prepare(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.output.write(text),
      writeErr: (text) => terminal.errors.write(text),
      // `run` shows errors in its own form.
      outputError: () => undefined,
    });
  for (const child of command.commands) prepare(child, terminal);
}

const isHelp = (error: CommanderError): boolean =>
  error.code === "commander.helpDisplayed" || error.code === "commander.version";

/** Runs one command; returns the exit code: 0 done, 1 failed, 2 called or configured wrongly, 130 interrupted. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const program = await createProgram(terminal, argv);
  try {
    await program.parseAsync(argv, { from: "user" });
    return terminal.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) return 0;
    // A group of commands without a command has shown its help.
    if (error instanceof CommanderError && error.code === "commander.help") return 2;
    const shown =
      error instanceof CommanderError
        ? new CausewayError("INVALID_ARGUMENT", error.message.replace(/^error: /, ""))
        : error;
    if (terminal.signal.aborted && !isCausewayError(shown)) return 130;
    terminal.errors.write(describeError(shown, argv.includes("--json")));
    return isCausewayError(shown) && ["INVALID_ARGUMENT", "INVALID_CONFIG"].includes(shown.code) ? 2 : 1;
  }
}

/** The process as a terminal: Ctrl-C asks to stop, a second one after a second insists. */
function processTerminal(): Terminal {
  const stopping = new AbortController();
  let askedAt = 0;
  const ask = (): void => {
    if (stopping.signal.aborted && Date.now() - askedAt > 1_000) process.exit(130);
    askedAt = Date.now();
    stopping.abort();
  };
  // Whoever reads the output may have seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  process.on("SIGINT", ask);
  process.on("SIGTERM", ask);
  return { output: process.stdout, errors: process.stderr, signal: stopping.signal, exitCode: 0 };
}

/** The whole process: ends with the command's exit code. */
export async function main(): Promise<never> {
  keepCompiled(process.env);
  process.exit(await run(process.argv.slice(2), processTerminal()));
}

if (import.meta.main) await main();
