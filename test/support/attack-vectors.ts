// The attacks of test/attacks.md that are evidence: which vectors each is made of. The Solidity suite reads the same file.
import { readFileSync } from "node:fs";
import { z } from "zod";

const schema = z.record(z.string(), z.strictObject({ title: z.string(), vectors: z.array(z.string()).nonempty() }));

export const readAttackVectors = (): z.infer<typeof schema> =>
  schema.parse(JSON.parse(readFileSync(new URL("../vectors/attacks.json", import.meta.url), "utf8")));
