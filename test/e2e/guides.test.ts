// Guides that need nothing but a checkout do what they say: every block is run, in order; test/support/guide.ts says how one is written.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "#scripts/steps/step.ts";
import { readGuide, runGuide } from "#test/support/guide.ts";

const read = (name: string): string => readFileSync(join(root, "docs/guides", name), "utf8");

it.each(["send.md", "operate.md"])("%s", async (name) => {
  expect(readGuide(read(name)).filter(({ kind }) => kind === "run").length).toBeGreaterThan(3);
  await runGuide(read(name));
});

it("no guide is without a test", () => {
  const tests = globSync("test/{e2e,integration}/**/*.test.ts", { cwd: root }).map((path) =>
    readFileSync(join(root, path), "utf8"),
  );
  for (const name of globSync("*.md", { cwd: join(root, "docs/guides") }))
    expect(tests.filter((text) => text.includes(name)).length, name).toBeGreaterThan(0);
});
