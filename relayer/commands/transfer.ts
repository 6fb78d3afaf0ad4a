// `causeway transfer`: a token transfer.
import { Command } from "commander";
import { CausewayError } from "#adapters/protocol/error.ts";
import { loadConfig } from "#relayer/config.ts";
import { parseEnd } from "./end-name.ts";
import { globalOptions } from "./global-options.ts";
import { openLogger } from "./open-logger.ts";
import { answerSent } from "./sent-answer.ts";
import { withSession } from "./session.ts";
import type { Terminal } from "./terminal.ts";
import { TIMEOUT_OPTION, timeoutTimestamp } from "./timeout-option.ts";

interface Options {
  readonly from: string;
  readonly to: string;
  readonly denom: string;
  readonly amount: string;
  readonly memo: string;
  readonly timeout: string;
}

function amountOf(value: string): bigint {
  if (/^[1-9][0-9]{0,77}$/.test(value)) return BigInt(value);
  throw new CausewayError("INVALID_ARGUMENT", `--amount ${value} is not a positive whole number`, {
    hint: "count in the token's smallest unit: 1000000000000000000 is one token of 18 decimals",
  });
}

export const transferCommand = (terminal: Terminal): Command =>
  new Command("transfer")
    .description("sends tokens to another chain")
    .requiredOption("--from <chain/client>", "the sending chain and the light client of the receiving one on it")
    .requiredOption("--to <receiver>", "the receiving account, as its chain writes it")
    .requiredOption("--denom <token>", "the token, as the sending chain names it")
    .requiredOption("--amount <number>", "how much, in the token's smallest unit")
    .option("--memo <text>", "a note for the receiver", "")
    .option(...TIMEOUT_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  causeway transfer --from eip155:1/beacon-0 --denom 0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0 --amount 5000000000000000000 \\
    --to 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266
  causeway transfer --from eip155:1/beacon-0 --denom 0x… --amount 1 --to 0x… --memo "rent" --timeout 10m --json`,
    )
    .action(async (options: Options, command: Command) => {
      const { config: path, json, verbose } = globalOptions(command);
      const request = {
        receiver: options.to,
        denom: options.denom,
        amount: amountOf(options.amount),
        memo: options.memo,
        timeoutTimestamp: timeoutTimestamp(options.timeout),
      };
      const { chain, client } = parseEnd(options.from);
      const config = await loadConfig(path);
      const sent = await withSession(config, openLogger(terminal, verbose ? "debug" : "warn"), async (session) =>
        (await session.chain(chain)).apps.transfer({ sourceClient: client, ...request }),
      );
      answerSent(terminal, json, chain, sent);
    });
