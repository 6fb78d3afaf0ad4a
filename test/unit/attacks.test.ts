// The table of attacks is honest: its tests exist, none is left out, every row has both languages, and its reasons are those of the vectors.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Vector } from "#scripts/vectors/vector.ts";
import { readAttackVectors } from "#test/support/attack-vectors.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";
import { readCometVectors } from "#test/support/comet-vectors.ts";

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(at(path), "utf8");

/** Files under a folder, by name; a name that is used twice is listed with both. */
function filesUnder(folder: string, ending: string): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const path of readdirSync(at(folder), { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(ending)) continue;
    files.set(basename(path), [...(files.get(basename(path)) ?? []), `${folder}/${path}`]);
  }
  return files;
}

interface Row {
  readonly number: string;
  readonly reasons: string;
  readonly solidity: string;
  readonly typescript: string;
}

const rows: Row[] = read("test/attacks.md")
  .split("\n")
  .filter((line) => /^\| (\d+|[A-Z]) \|/.test(line))
  .map((line) => {
    const [, number = "", , refused = "", solidity = "", typescript = ""] = line.split("|").map((cell) => cell.trim());
    return { number, reasons: refused, solidity, typescript };
  });

const named = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

interface Named {
  readonly row: string;
  readonly file: string;
  readonly test: string;
}

const tests = (column: "solidity" | "typescript"): Named[] =>
  rows.flatMap((row) =>
    named(row[column]).map((name) => {
      const [file = "", ...rest] = name.split(": ");
      return { row: row.number, file, test: rest.join(": ") };
    }),
  );

const solidityFiles = filesUnder("test/contracts", ".t.sol");
const typescriptFiles = filesUnder("test", ".test.ts");
const byName = (vectors: Vector[]): Map<string, Vector> => new Map(vectors.map((vector) => [vector.name, vector]));
const vectors = { evm: byName(readBeaconVectors()), cosmos: byName(readCometVectors()) };
const attacks = { ...readAttackVectors("evm"), ...readAttackVectors("cosmos") };

/** Rows that concern what there is (relayers' incidents 1 to 26, and the classes of bugs in light clients). */
const IN_SCOPE = "1 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 22 24 25 B C F".split(" ");

test("has every row in scope", () => {
  expect(rows.map(({ number }) => number)).toEqual(expect.arrayContaining(IN_SCOPE));
});

test.each(rows)(
  "row $number has tests in both languages, or says why not",
  ({ solidity, typescript, reasons: refused }) => {
    for (const cell of [solidity, typescript])
      expect(named(cell).length > 0 || /^none: \w+/.test(cell), cell).toBe(true);
    expect(named(solidity).length + named(typescript).length).toBeGreaterThan(0);
    expect(refused).not.toBe("");
  },
);

describe("Solidity", () => {
  test.each(tests("solidity"))("$file: $test", ({ file, test: name }) => {
    const [path, ...others] = solidityFiles.get(file) ?? [];
    expect(others, `two files are called ${file}`).toEqual([]);
    expect(read(path ?? `no ${file}`)).toContain(`function ${name}(`);
  });

  test("no test that is named after an incident is left out, or in another row", () => {
    const inFiles = [...solidityFiles.values()]
      .flat()
      .flatMap((path) =>
        [...read(path).matchAll(/function (test_Incident(\d+)(?:And(\d+))*_\w+)\(/g)].flatMap(([, name, ...numbers]) =>
          numbers.filter((number) => number !== undefined).map((number) => `${number} ${name}`),
        ),
      );
    const inTable = tests("solidity").map(({ row, test: name }) => `${row} ${name}`);
    expect(inTable).toEqual(expect.arrayContaining(inFiles));
    expect(inTable.filter((entry) => entry.includes("test_Incident")).toSorted()).toEqual(inFiles.toSorted());
  });
});

describe("TypeScript", () => {
  test.each(tests("typescript"))("$file: $test", ({ file, test: name }) => {
    const paths = typescriptFiles.get(file) ?? [];
    const titles = file === "incidents.test.ts" ? Object.values(attacks).map(({ title }) => title) : [];
    const isThere = paths.some((path) => read(path).includes(JSON.stringify(name))) || titles.includes(name);
    expect(isThere, name).toBe(true);
  });
});

describe("evidence", () => {
  const files = { evm: "Evidence.t.sol", cosmos: "CometEvidence.t.sol" };

  test.each(Object.entries(attacks))(
    "%s is one row's, in every language that judges it, with its reasons",
    (key, { title, family, vectors: of }) => {
      const row = rows.find(({ typescript }) => named(typescript).includes(`incidents.test.ts: ${title}`));
      if (row === undefined) throw new Error(`no row for ${title}`);
      expect(row.reasons.split(/[^\w`]+/)).toContain(key);
      for (const vector of of) expect(vectors[family].get(vector)?.expect, vector).toHaveProperty("reason");
      const judged = read(`test/contracts/attacks/${files[family]}`);
      const [, name = ""] =
        new RegExp(`function (\\w+)\\(\\) public \\{\\s+refusesAll\\("${key}"\\);`).exec(judged) ?? [];
      expect(named(row.solidity)).toContain(`${files[family]}: ${name}`);
    },
  );

  test("reasons are reasons, errors of the contracts, or of what they are built on", () => {
    const errors = ["AppErrors", "PacketRouterErrors", "LightClientErrors"].flatMap((name) =>
      [...read(`contracts/evm/errors/${name}.sol`).matchAll(/^error (\w+)\(/gm)].map(([, error = ""]) => error),
    );
    const elsewhere = [
      "ReentrancyGuardReentrantCall",
      "AccessManagedUnauthorized",
      "AccessManagerNotReady",
      "ERC20InsufficientBalance",
      "ERC20InsufficientAllowance",
      "INVALID_CONFIG",
    ];
    const known = [...Object.keys(reasons), ...errors, ...elsewhere];
    expect(known).toEqual(expect.arrayContaining(rows.flatMap((row) => named(row.reasons))));
  });
});
