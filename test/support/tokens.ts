// Tokens for relayers under test, in files as an operator would have them.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Not secret: they exist in tests only. */
export const TOKENS = {
  viewer: "a viewer's throw-away token".replaceAll(" ", "-"),
  auditor: "an auditor's throw-away token".replaceAll(" ", "-"),
  operator: "an operator's throw-away token".replaceAll(" ", "-"),
} as const;

export const bearer = (role: keyof typeof TOKENS): { authorization: string } => ({
  authorization: `Bearer ${TOKENS[role]}`,
});

/** The `tokens` of a configuration's `http`: one for each role, named `a-<role>`. */
export async function writeTokens(directory: string) {
  return Promise.all(
    Object.entries(TOKENS).map(async ([role, token]) => {
      const file = join(directory, `token-${role}`);
      await writeFile(file, `${token}\n`, { mode: 0o600 });
      return { name: `a-${role}`, role, token: { file } };
    }),
  );
}
