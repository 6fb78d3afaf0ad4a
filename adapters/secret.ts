// References to secrets: configuration names where a secret is, never what it is.
import { z } from "zod";

export const secretReference = z.union([
  z.strictObject({ env: z.string().min(1).describe("name of the environment variable that holds the secret") }),
  z.strictObject({ file: z.string().min(1).describe("path of the file whose trimmed content is the secret") }),
]);

export type SecretReference = z.infer<typeof secretReference>;

/** Throws MISSING_SECRET, naming the reference, when there is nothing there. */
export type ReadSecret = (reference: SecretReference) => Promise<string>;
