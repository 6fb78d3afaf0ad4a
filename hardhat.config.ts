// Solidity toolchain: the compiler comes from npm, sources and tests live outside Hardhat's default folders.
import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";
import { outsideTests } from "./scripts/hardhat/outside-tests.ts";

const solc = fileURLToPath(import.meta.resolve("solc/soljson.js"));

/** A quarter where somebody waits for the run, as property tests do (test/support/property-runs.ts). */
const fuzzRuns = process.env["CI"] === "true" ? 256 : 64;

export default defineConfig({
  plugins: [outsideTests],
  solidity: {
    version: "0.8.37",
    path: solc,
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    settings: {
      evmVersion: "prague",
      viaIR: true,
      optimizer: { enabled: true, runs: 1_000_000 },
      metadata: { bytecodeHash: "none" },
    },
  },
  paths: { sources: "contracts/evm", tests: { solidity: "test/contracts" } },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka", allowUnlimitedContractSize: false },
  },
  test: { solidity: { fuzz: { runs: fuzzRuns }, fsPermissions: { readDirectory: ["test/vectors"] } } },
});
