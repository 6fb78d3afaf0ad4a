// Compiles one Solidity source, which may import ours, without the optimizer: for what only the compiler can say, and small contracts.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { root } from "#scripts/steps/step.ts";

const FILE = "Source.sol";

const output = z.object({
  errors: z.array(z.object({ severity: z.string(), message: z.string() })).default([]),
  contracts: z
    .object({
      [FILE]: z.record(z.string(), z.object({ evm: z.object({ bytecode: z.object({ object: z.string() }) }) })),
    })
    .optional(),
});

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
}

/** Creation code by name of contract, in hexadecimal, and what is wrong. Imports are paths from the root of the checkout. */
export function compileSolidity(content: string): {
  readonly errors: readonly string[];
  readonly bytecode: Readonly<Record<string, string>>;
} {
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const input = {
    language: "Solidity",
    sources: { [FILE]: { content } },
    settings: { outputSelection: { [FILE]: { "*": ["evm.bytecode.object"] } } },
  };
  const contents = (path: string) => {
    const place = path.startsWith("@") ? join("node_modules", path) : path;
    return { contents: readFileSync(join(root, place), "utf8") };
  };
  const { errors, contracts } = output.parse(JSON.parse(compiler.compile(JSON.stringify(input), { import: contents })));
  const compiled = Object.entries(contracts?.[FILE] ?? {});
  return {
    errors: errors.filter(({ severity }) => severity === "error").map(({ message }) => message),
    bytecode: Object.fromEntries(compiled.map(([name, { evm }]) => [name, evm.bytecode.object])),
  };
}
