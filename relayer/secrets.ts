// Resolves references to secrets: an environment variable or a file, never the secret itself in configuration.
import { readFile } from "node:fs/promises";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { SecretReference } from "#adapters/secret.ts";

/** Throws MISSING_SECRET, naming the reference, when there is nothing there. */
export async function readSecret(reference: SecretReference): Promise<string> {
  if ("env" in reference) {
    const value = process.env[reference.env]?.trim();
    if (value) return value;
    throw new CausewayError("MISSING_SECRET", `the environment variable ${reference.env} is not set`, {
      hint: `set ${reference.env}`,
    });
  }
  const value = await readFile(reference.file, "utf8").then(
    (text) => text.trim(),
    () => "",
  );
  if (value) return value;
  throw new CausewayError("MISSING_SECRET", `the file ${reference.file} is missing, unreadable or empty`, {
    hint: `put the secret into ${reference.file}, readable only by the relayer`,
  });
}
