// The command line of `npm run bench -- relay`.
import { Command, InvalidArgumentError, Option } from "commander";
import type { PairName } from "./measurements.ts";
import type { PeerName } from "./peers/open-peers.ts";
import type { PhaseName } from "./phase.ts";

type RelayerName = "causeway" | PeerName;

export interface RelayBenchOptions {
  readonly pair: readonly PairName[];
  /** Absent: as many as the pair's chains take in reasonable time. */
  readonly packets?: number;
  readonly processes: number;
  readonly only: readonly PhaseName[];
  readonly relayers: readonly RelayerName[];
  /** Paths of built programs. */
  readonly hermes?: string;
  readonly rly?: string;
  readonly json: boolean;
  readonly profile: boolean;
  readonly keep: boolean;
  readonly write: boolean;
}

const pairs: readonly PairName[] = ["simd", "evm", "mixed"];
/** In the order in which they run: the backlog begins with a start. */
const phases: readonly PhaseName[] = ["live", "single", "backlog"];

const relayers: readonly RelayerName[] = ["causeway", "hermes", "rly"];

const whole = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
  return value;
};

const listOf =
  <Name extends string>(known: readonly Name[]) =>
  (text: string): Name[] => {
    const names = text.split(",");
    const unknown = names.find((name) => !known.some((each) => each === name));
    if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${known.join(", ")}`);
    return known.filter((each) => names.includes(each));
  };

/** Ends the process where the command line is wrong or asks for help. */
export function parseOptions(words: readonly string[]): RelayBenchOptions {
  const command = new Command("npm run bench -- relay")
    .description("the relay between two chains, timed by what the chains have")
    .option("--pair <pairs>", `some of ${pairs.join(",")}`, listOf(pairs), [...pairs])
    .option("--only <phases>", `some of ${phases.join(",")}`, listOf(phases), [...phases])
    .option("--relayers <names>", `some of ${relayers.join(",")}, where they are there`, listOf(relayers), [
      ...relayers,
    ])
    .option("--packets <number>", "transfers of live and backlog (default: 2000; 500 in mixed)", whole(1, 100_000))
    .option("--processes <number>", "relayers that share one database and one queue", whole(1, 8), 1)
    .addOption(new Option("--hermes <path>", "a built Hermes, run beside it on simd").env("CAUSEWAY_BENCH_HERMES"))
    .addOption(new Option("--rly <path>", "a built rly, run beside it on simd").env("CAUSEWAY_BENCH_RLY"))
    .option("--profile", "also where the time goes; costs memory and some speed", false)
    .option("--keep", "keep logs and data, and say where they are", false)
    .option("--write", "keep the figures in test/bench/relay/measured.json, and write the table", false)
    .option("--json", "one JSON object on standard output", false);
  return command.parse(words, { from: "user" }).opts<RelayBenchOptions>();
}
