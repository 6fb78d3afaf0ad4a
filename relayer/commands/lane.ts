// `causeway lane`: what an operator does to one lane of a running relay.
import { Command } from "commander";
import { formatEnd, parseEnd } from "./end-name.ts";
import { operate, withOperateOptions } from "./operate.ts";
import type { OperateOptions } from "./operate.ts";
import type { Terminal } from "./terminal.ts";

const LANE = "chain/client: the light client the lane leads to, by the chain that hosts it";

export const laneCommand = (terminal: Terminal): Command =>
  new Command("lane")
    .description("lanes: pause, resume, and clear at once")
    .addCommand(pauseCommand(terminal))
    .addCommand(resumeCommand(terminal))
    .addCommand(clearCommand(terminal))
    .addHelpText(
      "after",
      `
Examples:
  causeway lane pause eip155:10/beacon-0 --because "the signer's key is being changed"
  causeway lane resume eip155:10/beacon-0
  causeway lane clear eip155:10/beacon-0`,
    );

const pauseCommand = (terminal: Terminal): Command =>
  withOperateOptions(
    new Command("pause")
      .description("takes nothing new from a lane; what is signed is finished")
      .argument("<lane>", LANE),
    "required",
  )
    .addHelpText(
      "after",
      `
Every process of the relay honours it, over restarts, until the lane is resumed. Packets wait; their timeouts do not.
The light client is not refreshed meanwhile either: \`causeway client status\` shows when it expires.

Examples:
  causeway lane pause eip155:10/beacon-0 --because "INC-12" --config relayer.yaml
  causeway lane pause eip155:10/beacon-0 --because "INC-12" --api http://127.0.0.1:7420 --token-from CAUSEWAY_TOKEN`,
    )
    .action(async (name: string, options: OperateOptions, command: Command) => {
      const id = formatEnd(parseEnd(name));
      const [done, unchanged] = [`${id} is paused`, `${id} was paused before`];
      await operate(terminal, command, { act: "pause", kind: "lane", id, done, unchanged }, options);
    });

const resumeCommand = (terminal: Terminal): Command =>
  withOperateOptions(
    new Command("resume").description("works on a paused lane again").argument("<lane>", LANE),
    "optional",
  )
    .addHelpText(
      "after",
      `
A lane whose light client contradicted its chain is another matter: \`causeway client resume\`.

Examples:
  causeway lane resume eip155:10/beacon-0 --config relayer.yaml
  causeway lane resume eip155:10/beacon-0 --because "the key is changed" --json`,
    )
    .action(async (name: string, options: OperateOptions, command: Command) => {
      const id = formatEnd(parseEnd(name));
      const [done, unchanged] = [`${id} is worked on again`, `${id} was not paused`];
      await operate(terminal, command, { act: "resume", kind: "lane", id, done, unchanged }, options);
    });

const clearCommand = (terminal: Terminal): Command =>
  withOperateOptions(
    new Command("clear")
      .description(
        "has a running relayer ask the lane's chains at once what is pending, as it does by itself now and then",
      )
      .argument("<lane>", LANE),
    "optional",
  )
    .addHelpText(
      "after",
      `
Examples:
  causeway lane clear eip155:10/beacon-0 --config relayer.yaml
  causeway lane clear eip155:10/beacon-0 --api http://127.0.0.1:7420 --token-from CAUSEWAY_TOKEN`,
    )
    .action(async (name: string, options: OperateOptions, command: Command) => {
      const id = formatEnd(parseEnd(name));
      const [done, unchanged] = [`${id} is cleared by the next relayer that looks`, `${id} was about to be cleared`];
      await operate(terminal, command, { act: "clear", kind: "lane", id, done, unchanged }, options);
    });
