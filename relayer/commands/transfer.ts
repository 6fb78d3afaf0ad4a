// `causeway transfer`: a token transfer.
import { Command } from "commander";
import { CausewayError } from "#adapters/protocol/error.ts";
import { API_OPTION } from "./api-option.ts";
import { parseEnd } from "./end-name.ts";
import { sendAndAnswer } from "./sent-answer.ts";
import type { WaitOptions } from "./sent-answer.ts";
import type { Terminal } from "./terminal.ts";
import { TIMEOUT_OPTION, timeoutTimestamp } from "./timeout-option.ts";
import { WAIT_OPTION } from "./wait-for-packet.ts";

interface Options extends WaitOptions {
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
    .option(...WAIT_OPTION)
    .option(...API_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  causeway transfer --from eip155:1/beacon-0 --denom 0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0 --amount 5000000000000000000 \\
    --to 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266
  causeway transfer --from eip155:1/beacon-0 --denom 0x… --amount 1 --to 0x… --memo "rent" --timeout 10m --wait --json`,
    )
    .action(async (options: Options, command: Command) => {
      const request = {
        receiver: options.to,
        denom: options.denom,
        amount: amountOf(options.amount),
        memo: options.memo,
        timeoutTimestamp: timeoutTimestamp(options.timeout),
      };
      const { chain, client } = parseEnd(options.from);
      await sendAndAnswer(terminal, command, { ...options, chain }, (apps) =>
        apps.transfer({ sourceClient: client, ...request }),
      );
    });
