// Whether chains take the contract: what wasm VM 2.2 to 3.0 allow (CosmWasm packages/vm: compatibility.rs, config.rs, gatekeeper.rs),
// with 08-wasm's default capabilities, which are `iterator` alone.
import binaryen from "binaryen";
import { readModule } from "./module.ts";

const MAX_SIZE = 3 * 1024 * 1024;
const MAX_FUNCTIONS = 20_000;
const MAX_PARAMETERS = 100;
const MAX_TOTAL_PARAMETERS = 10_000;
const MAX_RESULTS = 1;
const MAX_LOCALS = 100;
const MAX_TOTAL_LOCALS = 10_000;
const MAX_TABLE = 2500;
const MAX_PAGES = 512;

/** What 08-wasm calls, what the VM needs for it, and two that every linker adds. */
const entries = [
  "allocate",
  "deallocate",
  "interface_version_8",
  "instantiate",
  "sudo",
  "query",
  "migrate",
  "memory",
  "__data_end",
  "__heap_base",
];

/** What the contract is to need of a host; all of it there since VM 2.1. */
const hostFunctions = [
  "db_read",
  "db_write",
  "db_remove",
  "bls12_381_aggregate_g1",
  "bls12_381_pairing_equality",
  "bls12_381_hash_to_g2",
].map((name) => `env.${name}`);

const same = (left: readonly string[], right: readonly string[]): boolean =>
  JSON.stringify(left.toSorted()) === JSON.stringify(right.toSorted());

const largest = (numbers: readonly number[]): number => numbers.reduce((most, number) => Math.max(most, number), 0);
const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** Instructions later than the first version of wasm, and floating point, which the contract has no use for. */
function instructionProblems(bytes: Uint8Array): string[] {
  const module = binaryen.readBinary(bytes);
  try {
    module.setFeatures(binaryen.Features.MVP | binaryen.Features.MutableGlobals);
    const problems = module.validate() === 1 ? [] : ["instructions later than wasm's first version"];
    return /\bf(?:32|64)\b/.test(module.emitText()) ? [...problems, "floating point"] : problems;
  } finally {
    module.dispose();
  }
}

/** Everything that a chain, or we, would object to; empty when there is nothing. Throws when the bytes are no module. */
export function moduleProblems(bytes: Uint8Array): string[] {
  const shape = readModule(bytes);
  const bound = (name: string, value: number, most: number): string[] =>
    value > most ? [`${value} ${name}, at most ${most}`] : [];
  const parameters = shape.functions.map((type) => type.parameters);
  return [
    ...bound("bytes", bytes.length, MAX_SIZE),
    ...bound("functions", shape.functions.length, MAX_FUNCTIONS),
    ...bound("parameters of one function", largest(parameters), MAX_PARAMETERS),
    ...bound("results of one function", largest(shape.functions.map((type) => type.results)), MAX_RESULTS),
    ...bound("parameters", total(parameters), MAX_TOTAL_PARAMETERS),
    ...bound("locals of one function", largest(shape.locals), MAX_LOCALS),
    ...bound("locals", total(shape.locals), MAX_TOTAL_LOCALS),
    ...bound("tables", shape.tables.length, 1),
    ...bound("elements of a table", largest(shape.tables), MAX_TABLE),
    ...bound("memory pages", largest(shape.memories), MAX_PAGES),
    ...(shape.memories.length === 1 ? [] : [`${shape.memories.length} memories, not one`]),
    ...(same(shape.imports, hostFunctions) ? [] : [`imports ${shape.imports.join(" ")}`]),
    ...(same(shape.exports, entries) ? [] : [`exports ${shape.exports.join(" ")}`]),
    ...instructionProblems(bytes),
  ];
}
