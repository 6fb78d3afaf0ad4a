// Writes test/vectors/beacon: `node scripts/vectors/beacon.ts`. The same source gives the same bytes; a test compares them.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beaconVectors, vectorFile } from "./beacon/all.ts";

const folder = fileURLToPath(new URL("../../test/vectors/beacon/", import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const vector of await beaconVectors()) {
  const { name, content } = vectorFile(vector);
  writeFileSync(folder + name, content, { flag: "wx" });
}
