// What a light client's fork table lacks of its chain's schedule, and which remedy is left.
import { describe, expect, test } from "vitest";
import { forkSchedule } from "#adapters/evm/consensus/fork-schedule.ts";
import type { ListedFork } from "#adapters/evm/consensus/fork-schedule.ts";
import { unknownForks } from "#adapters/evm/consensus/unknown-forks.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { electraRow, fuluRow, gloasRow, makeBeaconFixture } from "#test/support/beacon-evidence.ts";

// 32 slots in an epoch; the newest header is in epoch 20.
const { trusted } = makeBeaconFixture({ committeeSize: 8, startSlot: 20n * 32n + 5n });
const state = (...forks: BeaconState["forks"]): BeaconState => ({ ...trusted, forks });

const listed = (epochs: Record<string, bigint>): ListedFork[] => {
  const order = ["altair", "electra", "fulu", "gloas", "heze"];
  const versions = ["0x01000000", "0x05000000", "0x06000000", "0x07000000", "0x08000000"] as const;
  return Object.entries(epochs).map(([name, epoch]) => ({
    name,
    epoch,
    version: versions[order.indexOf(name)] ?? "0x99000000",
  }));
};
const schedule = (epochs: Record<string, bigint>) => forkSchedule(listed({ altair: 0n, electra: 0n, ...epochs }));

const found = (known: BeaconState, epochs: Record<string, bigint>, headEpoch = 21n) =>
  unknownForks(known, schedule(epochs), headEpoch * 32n).map(
    ({ name, epoch, hasBegun, remedy }) =>
      `${name ?? "unlisted"} ${epoch} ${hasBegun ? "begun" : "ahead"}: ${remedy.kind}`,
  );

describe("the schedule", () => {
  test("begins with Electra, in order of epoch and version, and knows the layouts of three forks", () => {
    const forks = forkSchedule(listed({ heze: 40n, gloas: 30n, fulu: 10n, electra: 10n, altair: 0n }));
    expect(forks.map(({ name, row }) => [name, row?.executionBlockHashGindex])).toEqual([
      ["electra", 812],
      ["fulu", 812],
      ["gloas", 2856],
      ["heze", undefined],
    ]);
  });

  test("is empty before Electra has a date", () => {
    expect(forkSchedule(listed({ altair: 0n }))).toEqual([]);
  });

  test.each(["__proto__", "constructor", "toString"])("a fork called %s has no layout", (name) => {
    const forks = forkSchedule([...listed({ electra: 0n }), { name, epoch: 3n, version: "0x0a000000" }]);
    expect(forks.at(-1)).toEqual({ name, epoch: 3n, version: "0x0a000000", row: undefined });
  });
});

describe("nothing is missing", () => {
  test("when the table has every fork with a date", () => {
    expect(found(state(electraRow(0n), fuluRow(10n), gloasRow(30n)), { fulu: 10n, gloas: 30n })).toEqual([]);
  });

  test("when forks that were passed long ago are left out", () => {
    expect(found(state(fuluRow(10n)), { fulu: 10n })).toEqual([]);
  });

  test("when only the last of several forks of one epoch is in the table, or all are", () => {
    expect(found(state(fuluRow(0n)), { fulu: 0n })).toEqual([]);
    expect(found(state(electraRow(0n), fuluRow(0n)), { fulu: 0n })).toEqual([]);
  });

  test("when a row of a fork that this software does not know was added by another", () => {
    const heze = { ...gloasRow(40n), version: "0x08000000" } as const;
    const rows = [electraRow(0n), gloasRow(30n), heze] as const;
    expect(found(state(...rows), { gloas: 30n, heze: 40n })).toEqual([]);
  });
});

describe("a row is to be added", () => {
  test("for each fork to come, in order", () => {
    expect(found(state(electraRow(0n)), { fulu: 25n, gloas: 30n })).toEqual([
      "fulu 25 ahead: add",
      "gloas 30 ahead: add",
    ]);
  });

  test("also when the fork has begun", () => {
    expect(found(state(electraRow(0n)), { fulu: 25n, gloas: 30n }, 25n)).toEqual([
      "fulu 25 begun: add",
      "gloas 30 ahead: add",
    ]);
  });

  test("with the row that the schedule gives", () => {
    const [fork] = unknownForks(state(electraRow(0n)), schedule({ gloas: 30n }), 0n);
    expect(fork).toMatchObject({
      remedy: { row: gloasRow(30n) },
      beginsAt: trusted.genesisTime + 30n * 32n * 12n,
      version: "0x07000000",
    });
  });

  test("until the table is full", () => {
    const seven = Array.from({ length: 7 }, (_, epoch) => electraRow(BigInt(epoch)));
    const epochs = { electra: 6n, fulu: 25n, gloas: 30n };
    expect(found(state(...seven), epochs)).toEqual(["fulu 25 ahead: add", "gloas 30 ahead: replace client"]);
  });
});

describe("this software is to be updated", () => {
  test("for a fork whose layout it does not know", () => {
    expect(found(state(electraRow(0n), gloasRow(15n)), { gloas: 15n, heze: 40n })).toEqual([
      "heze 40 ahead: update software",
    ]);
  });
});

describe("the light client is to be replaced", () => {
  test("when the row in force is not the chain's", () => {
    expect(found(state(electraRow(0n)), { fulu: 10n })).toEqual(["fulu 10 begun: replace client"]);
    expect(found(state(electraRow(0n), { ...fuluRow(10n), version: "0x66000000" }), { fulu: 10n })).toEqual([
      "fulu 10 begun: replace client",
    ]);
  });

  test("when a row to come has other indices than the chain", () => {
    const wrong = { ...gloasRow(30n), finalizedRootGindex: 734 };
    expect(found(state(electraRow(0n), wrong), { gloas: 30n })).toEqual(["gloas 30 ahead: replace client"]);
  });

  test("when the chain moved a fork that is in the table, back or forth", () => {
    const client = state(electraRow(0n), gloasRow(30n));
    expect(found(client, { gloas: 40n })).toEqual([
      "unlisted 30 ahead: replace client",
      "gloas 40 ahead: replace client",
    ]);
    expect(found(client, { gloas: 25n })).toEqual([
      "gloas 25 ahead: replace client",
      "unlisted 30 ahead: replace client",
    ]);
    expect(found(client, {})).toEqual(["unlisted 30 ahead: replace client"]);
  });
});
