// `npm run test:rust`: the Rust verifiers, natively. The contract that is made of them is tested without Rust, by `npm test`.
import { spawnSync } from "node:child_process";
import { countsLine } from "./steps/counts.ts";
import { root, runStep } from "./steps/step.ts";

if (spawnSync("cargo", ["--version"]).status !== 0) {
  console.error("not run: cargo is missing; install Rust (https://rustup.rs)");
  console.log(countsLine({ passed: 0, failed: 1, skipped: 0 }));
  process.exit(1);
}
const { status, output } = await runStep({
  name: "cargo test",
  command: "cargo",
  args: ["test", "--locked", "--manifest-path", `${root}contracts/Cargo.toml`],
  live: true,
});
const sum = (pattern: RegExp): number =>
  [...output.matchAll(pattern)].reduce((total, { groups }) => total + Number(groups?.["count"]), 0);
const passed = sum(/^test result: .* (?<count>\d+) passed/gm);
const failed = sum(/^test result: .* (?<count>\d+) failed/gm);
// One that ran nothing, or did not compile, is one failure.
const total = failed === 0 && (status !== "ok" || passed === 0) ? 1 : failed;
console.log(countsLine({ passed, failed: total, skipped: 0 }));
process.exitCode = total > 0 ? 1 : 0;
