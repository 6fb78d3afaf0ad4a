// The command line of `npm run bench -- relay`.
import { Command, InvalidArgumentError, Option } from "commander";
import type { PhaseName } from "./phase.ts";

export interface RelayBenchOptions {
  readonly packets: number;
  readonly processes: number;
  readonly only: readonly PhaseName[];
  readonly json: boolean;
  readonly profile: boolean;
  readonly keep: boolean;
}

const phases: readonly PhaseName[] = ["live", "single", "backlog"];

const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  return value;
};

const phaseList = (text: string): PhaseName[] => {
  const names = text.split(",");
  const unknown = names.find((name) => !phases.some((phase) => phase === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${phases.join(", ")}`);
  return phases.filter((phase) => names.includes(phase));
};

/** Ends the process where the command line is wrong or asks for help. */
export function parseOptions(words: readonly string[]): RelayBenchOptions {
  const command = new Command("npm run bench -- relay")
    .description("the relay between two chains, timed by what the chains have")
    .option("--packets <number>", "transfers of live and backlog", whole(1, 100_000), 2_000)
    .addOption(new Option("--processes <number>", "relayers that share the work").argParser(whole(1, 8)).default(1))
    .option("--only <phases>", "some of live,single,backlog", phaseList, [...phases])
    .option("--profile", "also where the time goes, beside .causeway/bench/", false)
    .option("--keep", "keep logs and data, and say where they are", false)
    .option("--json", "one JSON object on standard output", false);
  return command.parse(words, { from: "user" }).opts<RelayBenchOptions>();
}
