// Finds the test data that others made: used where it is present, required in CI.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../shared/vectors/", import.meta.url));

/** The absolute path of a shared vector file or folder, or undefined where the collection is not installed. */
export function sharedVector(path: string): string | undefined {
  if (existsSync(root + path)) return root + path;
  if (process.env["CI"] === "true") throw new Error(`shared test vectors are required in CI and missing: ${path}`);
  return undefined;
}

export function readSharedJson<T>(path: string): T | undefined {
  const file = sharedVector(path);
  return file === undefined ? undefined : (JSON.parse(readFileSync(file, "utf8")) as T);
}
