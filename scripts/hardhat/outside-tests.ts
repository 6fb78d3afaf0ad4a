// Compiles the Solidity tests apart from what ships, and fast: they look at contracts from outside, and make them from their
// artifacts (test/contracts/support/Shipped.sol), which are compiled as they ship.
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { z } from "zod";

/** What has libraries of ours in it, so that these are tested as they ship, and what computes a lot. */
const asShipped = ["test/contracts/**/{*Harness,Reference*}.sol"];

export const outsideTests: HardhatPlugin = {
  id: "outside-tests",
  hookHandlers: {
    config: async () => ({
      default: async () => ({
        async resolveUserConfig(userConfig, resolveVariable, next) {
          const config = await next(userConfig, resolveVariable);
          const profile = config.solidity.profiles["default"];
          const [shipped] = profile?.compilers ?? [];
          if (profile === undefined || shipped === undefined) return config;
          const files = globSync("test/contracts/**/*.sol", { cwd: config.paths.root, exclude: asShipped });
          const settings = {
            ...z.record(z.string(), z.unknown()).parse(shipped.settings),
            viaIR: false,
            optimizer: { enabled: false },
            outputSelection: Object.fromEntries(files.map((file) => [`project/${file}`, {}])),
          };
          const path = fileURLToPath(import.meta.resolve("./named-outputs.ts"));
          // One object for all of them: what has the same object is compiled in one go.
          const compiler = { ...shipped, path, settings };
          profile.overrides = Object.fromEntries(files.map((file) => [file, compiler]));
          return config;
        },
      }),
    }),
  },
};
