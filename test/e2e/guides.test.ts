// The guides do what they say: every block of each of them is run, in order. test/support/guide.ts says how a block is written.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { root } from "#scripts/steps/step.ts";
import { readGuide, runGuide } from "#test/support/guide.ts";

const guides = globSync("docs/guides/*.md", { cwd: root }).toSorted();

it("there are guides to run", () => expect(guides).not.toEqual([]));

it.each(guides.map((path) => [basename(path), readFileSync(join(root, path), "utf8")] as const))(
  "%s",
  async (_, markdown) => {
    expect(readGuide(markdown).some(({ kind }) => kind === "run")).toBe(true);
    await runGuide(markdown);
  },
);
