// `causeway retry`: tries a packet that rests after a failure at once.
import { Command } from "commander";
import { formatPacketId, parsePacketId } from "#sdk/evidence/packet-id.ts";
import { operate, withOperateOptions } from "./operate.ts";
import type { OperateOptions } from "./operate.ts";
import type { Terminal } from "./terminal.ts";

export const retryCommand = (terminal: Terminal): Command =>
  withOperateOptions(
    new Command("retry")
      .description("tries a packet that rests after a failure, and its lane, at once")
      .argument("<packet>", "chain/client/sequence, where it was sent from"),
    "optional",
  )
    .addHelpText(
      "after",
      `
Nothing is ever given up: this only ends the pause between two attempts. Waiting for finality is not a pause.

Examples:
  causeway retry eip155:1/beacon-0/7 --config relayer.yaml
  causeway retry eip155:1/beacon-0/7 --because "funds were sent" --api http://127.0.0.1:7420 --token-from CAUSEWAY_TOKEN`,
    )
    .action(async (name: string, options: OperateOptions, command: Command) => {
      const id = formatPacketId(parsePacketId(name));
      const [done, unchanged] = [`${id} is tried now`, `${id} does not rest: there is nothing to retry`];
      await operate(terminal, command, { act: "retry", kind: "packet", id, done, unchanged }, options);
    });
