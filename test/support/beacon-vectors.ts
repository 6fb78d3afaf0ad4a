// Reads the committed beacon vectors.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { vectorSchema } from "#scripts/vectors/vector.ts";
import type { Vector } from "#scripts/vectors/vector.ts";

export const beaconVectorFolder = fileURLToPath(new URL("../vectors/beacon/", import.meta.url));

export const readBeaconVectors = (): Vector[] =>
  readdirSync(beaconVectorFolder)
    .sort()
    .map((file) => vectorSchema.parse(JSON.parse(readFileSync(beaconVectorFolder + file, "utf8"))));
