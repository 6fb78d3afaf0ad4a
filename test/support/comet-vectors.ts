// Reads the committed comet vectors.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { vectorSchema } from "#scripts/vectors/vector.ts";
import type { Vector } from "#scripts/vectors/vector.ts";

export const cometVectorFolder = fileURLToPath(new URL("../vectors/comet/", import.meta.url));

export const readCometVectors = (): Vector[] =>
  readdirSync(cometVectorFolder)
    .sort()
    .map((file) => vectorSchema.parse(JSON.parse(readFileSync(cometVectorFolder + file, "utf8"))));
