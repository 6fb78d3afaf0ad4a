// `npm run demo -- --cosmos --exit --json`, as far as its reports say.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runDemo } from "#scripts/demo/demo.ts";
import { silentLogger } from "#test/support/evm-bench.ts";

let bundles: string;
beforeEach(async () => {
  bundles = await mkdtemp(join(tmpdir(), "causeway-bundles-"));
});
afterEach(() => rm(bundles, { recursive: true }));

const collecting = (into: string[]): Writable =>
  new Writable({
    write(chunk: Buffer, _, done) {
      into.push(chunk.toString());
      done();
    },
  });

test("an EVM chain and an ibc-go chain: a transfer each way is delivered, acknowledged and proven", async () => {
  const [output, errors]: [string[], string[]] = [[], []];
  const good = await runDemo({
    cosmos: true,
    exit: true,
    json: true,
    bundles,
    environment: undefined,
    output: collecting(output),
    errors: collecting(errors),
    logger: silentLogger,
    signal: new AbortController().signal,
  });
  expect(good, errors.join("")).toBe(true);
  const reports = output.join("").trim().split("\n");
  const done = { kind: "transfer", delivered: true, acknowledged: true, successful: true, proven: true, problems: [] };
  expect(reports.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { ...done, from: "eip155:31337", to: "cosmos:simd-1" },
    { ...done, from: "cosmos:simd-1", to: "eip155:31337" },
  ]);
  expect(await readdir(bundles)).toHaveLength(2);
});
