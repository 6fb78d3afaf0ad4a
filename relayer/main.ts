// The running relayer: opens everything in order, runs the pipeline, and closes in reverse order.
import { families as allFamilies } from "#adapters/families.ts";
import { startEngine } from "./start-engine.ts";
import type { RelayerOptions, Relayer } from "./start-engine.ts";
import type { Config } from "./config-schema.ts";

/** Resolves once it serves and works. Throws what makes it unable to, with nothing left open. */
export const startRelayer = (config: Config, options: Omit<RelayerOptions, "verifiers">): Promise<Relayer> =>
  startEngine(config, allFamilies, {
    ...options,
    verifiers: new URL("../adapters/verifiers.ts", import.meta.url).href,
  });
