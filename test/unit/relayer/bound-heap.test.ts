// The heap of a relayer: it stays near to what is in use, however many objects are made and forgotten.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** MiB of the space for new objects, and the most of the whole heap, of a process that makes many objects and keeps some for a while. */
function heapOf(before: string): { young: number; whole: number } {
  const script = `
    import { getHeapSpaceStatistics } from "node:v8";
    ${before}
    let kept = [];
    let whole = 0;
    for (let count = 0; count < 3_000_000; count += 1) {
      const made = { count, text: "text " + count };
      if (count % 5 === 0) kept.push(made);
      if (kept.length > 100_000) kept = [];
      if (count % 10_000 === 0) whole = Math.max(whole, process.memoryUsage().heapTotal);
    }
    const { space_size: young } = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    console.log(JSON.stringify({ young: young / 2 ** 20, whole: whole / 2 ** 20 }));`;
  const answer = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return JSON.parse(answer) as { young: number; whole: number };
}

test("it is bounded for a relayer, and larger by itself", () => {
  const module = import.meta.resolve("#relayer/bound-heap.ts");
  const bounded = heapOf(`import { boundHeap } from ${JSON.stringify(module)}; boundHeap();`);
  const free = heapOf("");
  expect(bounded.young).toBeLessThanOrEqual(8);
  expect(free.young).toBeGreaterThan(8);
  expect(bounded.whole).toBeLessThan(free.whole);
});
