// Fails when a file of the relayer names a chain family: families are known to adapters/families.ts and to nobody else. The demo's
// command is the exception: it shows what there is, by name.
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { root } from "./steps/step.ts";

const families = globSync("adapters/*/family.ts", { cwd: root }).map((path) => basename(dirname(path)));
/** Words that only someone who knows the family would use. */
const telling = ["ethereum", "solidity", "viem", "ethers", "cosmos", "tendermint", "cometbft", "substrate", "polkadot"];
const pattern = new RegExp(String.raw`\b(${[...new Set([...families, ...telling])].join("|")})\b`, "i");

const findings = globSync("relayer/**/*.{ts,js,sql}", { cwd: root, exclude: ["relayer/commands/demo.ts"] })
  .toSorted()
  .flatMap((path) =>
    readFileSync(join(root, path), "utf8")
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );

for (const finding of findings) console.error(finding);
if (findings.length > 0)
  console.error(`the relayer must not name a chain family: use adapters/families.ts and the adapter interface`);
process.exitCode = findings.length > 0 ? 1 : 0;
