// A copy of what is checked symbolically, with some text replaced: for Halmos to run in, since it builds before it checks.
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CausewayError } from "#adapters/protocol/error.ts";
import { root } from "#scripts/steps/step.ts";

export interface Replacement {
  /** Below the root of the checkout. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Every place, not the only one. */
  readonly all?: boolean;
}

const COPIED = ["foundry.toml", "contracts/evm", "test/symbolic", "test/contracts/support/Vm.sol"];

/** Keeps what forge has cached in the folder. Throws INVALID_ARGUMENT when a text to be replaced is not there, or not once. */
export async function makeSourceTree(folder: string, replacements: readonly Replacement[]): Promise<void> {
  for (const path of COPIED) {
    await rm(join(folder, path), { recursive: true, force: true });
    await cp(join(root, path), join(folder, path), { recursive: true });
  }
  await mkdir(folder, { recursive: true });
  await rm(join(folder, "node_modules"), { force: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  for (const replacement of replacements) {
    const path = join(folder, replacement.file);
    await writeFile(path, replaceText(await readFile(path, "utf8"), replacement));
  }
}

export function replaceText(text: string, { file, from, to, all }: Replacement): string {
  const places = text.split(from).length - 1;
  if (places === 0 || (places > 1 && all !== true))
    throw new CausewayError("INVALID_ARGUMENT", `${file} has ${places} places with: ${from}`, {
      hint: "the contract has changed: bring the replacements of the symbolic checks up to date",
    });
  return text.split(from).join(to);
}
