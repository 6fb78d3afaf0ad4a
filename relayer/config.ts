// Reads the configuration file.
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { families } from "#adapters/families.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { parseConfig } from "./config-schema.ts";
import type { Config, Surroundings } from "./config-schema.ts";

/** Throws INVALID_CONFIG naming every problem. Paths in the file are relative to it. */
export async function loadConfig(
  path: string,
  surroundings: Surroundings = { families, environment: process.env },
): Promise<Config> {
  let value: unknown;
  try {
    value = parse(await readFile(path, "utf8"), { prettyErrors: true });
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new CausewayError(
      "INVALID_CONFIG",
      missing ? `there is no file ${path}` : `${path}: ${(cause as Error).message}`,
      {
        ...(missing ? { hint: "name the file with --config, or copy relayer/relayer.example.yaml" } : {}),
        cause,
      },
    );
  }
  const config = parseConfig(value, path, surroundings);
  return { ...config, data: resolve(dirname(path), config.data) };
}
