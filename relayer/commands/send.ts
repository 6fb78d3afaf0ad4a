// `causeway send`: a general message.
import { Command, Option } from "commander";
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
  readonly text?: string;
  readonly hex?: string;
  readonly timeout: string;
}

function payloadOf({ text, hex }: Options): Uint8Array {
  if (text !== undefined && text !== "") return Buffer.from(text);
  if (hex !== undefined && /^(0x)?([0-9a-fA-F]{2})+$/.test(hex)) return Buffer.from(hex.replace(/^0x/, ""), "hex");
  throw new CausewayError("INVALID_ARGUMENT", "there is no message to send", {
    hint: "give it as --text or as --hex (an even number of hexadecimal digits)",
  });
}

export const sendCommand = (terminal: Terminal): Command =>
  new Command("send")
    .description("sends a general message to a contract on another chain")
    .requiredOption("--from <chain/client>", "the sending chain and the light client of the receiving one on it")
    .requiredOption("--to <receiver>", "address of the receiving contract, as its chain writes it")
    .option("--text <text>", "the message, as UTF-8")
    .addOption(new Option("--hex <bytes>", "the message, as hexadecimal bytes").conflicts("text"))
    .option(...TIMEOUT_OPTION)
    .option(...WAIT_OPTION)
    .option(...API_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  causeway send --from eip155:1/beacon-0 --to 0x5FbDB2315678afecb367f032d93F642f64180aa3 --text "hello" --wait
  causeway send --from eip155:1/beacon-0 --to 0x5FbDB2315678afecb367f032d93F642f64180aa3 --hex c0ffee --timeout 15m`,
    )
    .action(async (options: Options, command: Command) => {
      const request = {
        receiver: options.to,
        payload: payloadOf(options),
        timeoutTimestamp: timeoutTimestamp(options.timeout),
      };
      const { chain, client } = parseEnd(options.from);
      await sendAndAnswer(terminal, command, { ...options, chain }, (apps) =>
        apps.send({ sourceClient: client, ...request }),
      );
    });
