// Writes test/vectors/comet: `node scripts/vectors/comet.ts`. The same source gives the same bytes; a test compares them.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cometVectors, vectorFile } from "./comet/all.ts";

const folder = fileURLToPath(new URL("../../test/vectors/comet/", import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const vector of cometVectors()) {
  const { name, content } = vectorFile(vector);
  writeFileSync(folder + name, content, { flag: "wx" });
}
