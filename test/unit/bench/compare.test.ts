import { expect, test } from "vitest";
import { compare } from "#test/bench/relay/compare.ts";
import { figuresOf } from "#test/bench/relay/figures.ts";
import type { Measurement } from "#test/bench/relay/measurements.ts";

const nothing = { relayer: 0, database: 0, queue: 0, chains: 0, bench: 0 };
const measured = (relayer: string, packets: number, more: Partial<Measurement> = {}): Measurement => ({
  pair: "simd",
  phase: "live",
  relayer,
  what: relayer,
  processes: 1,
  run: "2026-11-27T00:00:00.000Z",
  command: "",
  commit: undefined,
  machine: { cores: 2, model: "", memoryGibibytes: 4, system: "", node: "" },
  figures: figuresOf({
    packets,
    left: 0,
    seconds: 1,
    source: [],
    target: [],
    cpu: nothing,
    elsewhere: 0,
    memory: { relayer: 0, database: 0, queue: 0 },
  }),
  ...more,
});

const own = measured("causeway", 300);

test("the best peer of the same run counts, even where a better one was measured before", () => {
  const run = [own, measured("hermes", 20), measured("rly", 100)];
  const [found] = compare(own, run, [measured("rly", 1_000)]);
  expect(found).toMatchObject({ ratio: 3, inSameRun: true, peer: { relayer: "rly" } });
});

test("without a peer in the run the last measured ones are taken", () => {
  expect(compare(own, [own], [measured("hermes", 30), own])[0]).toMatchObject({ ratio: 10, inSameRun: false });
});

test("other pairs, other phases and itself are no peers", () => {
  const others = [measured("rly", 1, { pair: "evm" }), measured("rly", 1, { phase: "backlog" }), own];
  expect(compare(own, others, others)).toEqual([]);
});
