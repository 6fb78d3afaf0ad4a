// The attacks of test/attacks.md that are evidence: which vectors each is made of. The Solidity suite reads the same file.
import { readFileSync } from "node:fs";
import { z } from "zod";

const attack = z.strictObject({
  title: z.string(),
  /** Of the chain that the evidence is about: vectors are those of its light client. */
  family: z.enum(["evm", "cosmos"]).default("evm"),
  vectors: z.array(z.string()).nonempty(),
});
export type Attack = z.output<typeof attack>;

export function readAttackVectors(family: Attack["family"]): Record<string, Attack> {
  const text = readFileSync(new URL("../vectors/attacks.json", import.meta.url), "utf8");
  const all = z.record(z.string(), attack).parse(JSON.parse(text));
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one.family === family));
}
