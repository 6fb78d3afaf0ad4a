// Compiles one Solidity file outside the tree of contracts, a test's or a measurement's, with the settings of hardhat.config.ts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import config from "../hardhat.config.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Creation code of the contract that a file is named after.
 * @param edit What to compile instead of a file's text, for tests of what an error in it would do.
 */
export function compileSolidity(path: string, edit = (_file: string, text: string): string => text): `0x${string}` {
  const load = (file: string): string => edit(file, readFileSync(join(root, file), "utf8"));
  const name = path.replace(/^.*\/|\.sol$/g, "");
  const { settings } = z.object({ settings: z.record(z.string(), z.unknown()) }).parse(config.solidity);
  const input = {
    language: "Solidity",
    sources: { [path]: { content: load(path) } },
    settings: { ...settings, outputSelection: { [path]: { [name]: ["evm.bytecode.object"] } } },
  };
  const read = (file: string): { contents: string } => ({ contents: load(file) });
  const output: unknown = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
  const artifact = z.object({ evm: z.object({ bytecode: z.object({ object: z.string().regex(/^[0-9a-f]+$/) }) }) });
  const result = z.object({ contracts: z.record(z.string(), z.record(z.string(), artifact)) }).safeParse(output);
  const compiled = result.data?.contracts[path]?.[name];
  if (!compiled)
    throw new CausewayError("INVALID_ARGUMENT", `${path} does not compile: ${JSON.stringify(output).slice(0, 500)}`);
  return `0x${compiled.evm.bytecode.object}`;
}
