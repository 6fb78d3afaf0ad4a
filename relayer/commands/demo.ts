// `causeway demo`: see everything work, with nothing but this package.
import { Command } from "commander";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import type { Terminal } from "./terminal.ts";

export const demoCommand = (terminal: Terminal): Command =>
  new Command("demo")
    .description("starts two development chains and a relayer, sends packets both ways, and stays up until Ctrl-C")
    .option("--cosmos", "a real ibc-go chain as the second one; it is built once, which takes Go and some minutes")
    .option("--exit", "end after the last acknowledgement; exit code 0 only if all packets made it")
    .option("--bundles <directory>", "keep the packets' audit bundles there")
    .option("--env <file>", "write what scripts need to send more there, as shell variables")
    .addHelpText(
      "after",
      `
Examples:
  causeway demo
  causeway demo --cosmos
  causeway demo --exit --json
  causeway demo --exit --bundles ./bundles`,
    )
    .action(async (options: { cosmos?: true; exit?: true; bundles?: string; env?: string }, command: Command) => {
      const { json, verbose } = globalOptions(command);
      // Loaded when asked for: a relayer in production needs no development chains.
      const { runDemo } = await import("#scripts/demo/demo.ts");
      const good = await runDemo({
        cosmos: options.cosmos === true,
        exit: options.exit === true,
        json,
        bundles: options.bundles,
        environment: options.env,
        output: terminal.output,
        errors: terminal.errors,
        logger: openLogger(terminal, verbose ? "debug" : "error"),
        signal: terminal.signal,
      });
      terminal.exitCode = good ? 0 : 1;
    });
