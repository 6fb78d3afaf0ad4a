// The npm compiler under native solc's command line, and the settings that forge gives it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import config from "../../../hardhat.config.ts";
import { root } from "#scripts/steps/step.ts";

const solc = (args: readonly string[], input = "") =>
  spawnSync(process.execPath, [join(root, "scripts/analysis/solc.ts"), ...args], { input, encoding: "utf8" });

const inputOf = (content: string) =>
  JSON.stringify({
    language: "Solidity",
    sources: { "A.sol": { content } },
    settings: { outputSelection: { "*": { "*": ["evm.bytecode.object"] } } },
  });

test("tells its version as native solc does", () => {
  const { stdout, status } = solc(["--version"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^solc, the solidity compiler commandline interface\nVersion: 0\.8\.37\+commit\.[0-9a-f]{8}\./,
  );
});

test("compiles standard JSON from standard input, whatever paths are allowed", () => {
  const paths = ["--allow-paths", "/a,/b", "--base-path", "/a", "--include-path", "/b"];
  const { stdout, stderr, status } = solc([...paths, "--standard-json"], inputOf("contract A {}"));
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const output = JSON.parse(stdout) as { contracts: { "A.sol": { A: { evm: { bytecode: { object: string } } } } } };
  expect(output.contracts["A.sol"].A.evm.bytecode.object).toMatch(/^[0-9a-f]{20,}$/);
});

test("reports what does not compile in its answer, like native solc", () => {
  for (const input of [inputOf('import "./B.sol";'), "{"]) {
    const { stdout, status } = solc(["--standard-json"], input);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ severity: "error" })]),
    });
  }
});

test.each([[["A.sol"]], [["--combined-json", "abi"]], [["--optimize", "--standard-json"]], [[]], [["--base-path"]]])(
  "refuses what it does not know: %j",
  (args) => {
    const { stdout, stderr, status } = solc(args);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^solc\.ts: /);
  },
);

test("forge compiles with Hardhat's settings", () => {
  const { settings } = z
    .object({
      settings: z.strictObject({
        evmVersion: z.string(),
        viaIR: z.boolean(),
        optimizer: z.strictObject({ enabled: z.boolean(), runs: z.int() }),
        metadata: z.strictObject({ bytecodeHash: z.string() }),
      }),
    })
    .parse(config.solidity);
  const toml = readFileSync(join(root, "foundry.toml"), "utf8");
  const value = (key: string): unknown => {
    const text = new RegExp(`^${key} = (.*)$`, "m").exec(toml)?.[1] ?? "null";
    return JSON.parse(text.replaceAll("_000", "000"));
  };
  expect({
    evmVersion: value("evm_version"),
    viaIR: value("via_ir"),
    optimizer: { enabled: value("optimizer"), runs: value("optimizer_runs") },
    metadata: { bytecodeHash: value("bytecode_hash") },
  }).toEqual(settings);
});
