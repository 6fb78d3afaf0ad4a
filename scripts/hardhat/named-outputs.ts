// The npm compiler for Hardhat's `path`, asked for outputs of those sources alone that `outputSelection` names. Hardhat asks for them
// of every source, so that each contract that a test imports would be compiled once more.
import { createRequire } from "node:module";
import { z } from "zod";

const input = z.looseObject({
  settings: z.looseObject({ outputSelection: z.record(z.string(), z.unknown()) }),
});

type Call = (json: string, ...callback: readonly unknown[]) => string;

interface Soljson {
  cwrap(name: string, ...signature: readonly unknown[]): Call;
}

const soljson = createRequire(import.meta.url)("solc/soljson.js") as Soljson;

function narrowed(json: string): string {
  const { settings, ...rest } = input.parse(JSON.parse(json));
  const { "*": outputs, ...named } = settings.outputSelection;
  const outputSelection = Object.fromEntries(Object.keys(named).map((source) => [source, outputs]));
  return JSON.stringify({ ...rest, settings: { ...settings, outputSelection } });
}

export default {
  ...soljson,
  cwrap(name: string, ...signature: readonly unknown[]): Call {
    const call = soljson.cwrap(name, ...signature);
    return name === "solidity_compile" ? (json, ...callback) => call(narrowed(json), ...callback) : call;
  },
};
