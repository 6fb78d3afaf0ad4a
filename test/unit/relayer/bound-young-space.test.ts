// The space for new objects: it stays as small as it was made, however many are made and kept.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** MiB of a process that makes many objects and keeps some of them. */
function youngSpace(before: string): number {
  const script = `
    import { getHeapSpaceStatistics } from "node:v8";
    ${before}
    const kept = [];
    for (let count = 0; count < 1_000_000; count += 1) {
      const made = { count, text: "text " + count };
      if (count % 5 === 0) kept.push(made);
      if (kept.length > 100_000) kept.length = 0;
    }
    const { space_size: size } = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    console.log(size / 2 ** 20);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }));
}

test("it is bounded for a relayer, and would not be by itself", () => {
  const module = import.meta.resolve("#relayer/bound-young-space.ts");
  expect(
    youngSpace(`import { boundYoungSpace } from ${JSON.stringify(module)}; boundYoungSpace();`),
  ).toBeLessThanOrEqual(8);
  expect(youngSpace("")).toBeGreaterThan(8);
});
