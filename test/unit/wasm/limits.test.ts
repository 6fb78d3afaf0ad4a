import binaryen from "binaryen";
import { expect, test } from "vitest";
import { readArtifact } from "#scripts/wasm/artifact.ts";
import { moduleProblems } from "#scripts/wasm/limits.ts";
import { readModule } from "#scripts/wasm/module.ts";

function assemble(...body: readonly string[]): Uint8Array {
  const module = binaryen.parseText(`(module ${body.join("\n")})`);
  module.setFeatures(binaryen.Features.All);
  try {
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

const memory = "(memory 1)";
const problemsOf = (...body: readonly string[]): string => moduleProblems(assemble(...body)).join("\n");

test("what a module has is counted", () => {
  const shape = readModule(
    assemble(
      '(import "env" "db_read" (func $read (param i32) (result i32)))',
      "(memory 3 5)",
      "(table 7 funcref)",
      '(func (export "one") (param i32 i64) (local i32 i32 i64) (local.set 2 (call $read (local.get 0))))',
    ),
  );
  expect(shape).toMatchObject({
    imports: ["env.db_read"],
    exports: ["one"],
    memories: [3],
    tables: [7],
    functions: [
      { parameters: 1, results: 1 },
      { parameters: 2, results: 0 },
    ],
  });
  expect(shape.locals).toEqual([3]);
});

test("the artifact's counts are those of an independent reader", () => {
  const module = binaryen.readBinary(readArtifact());
  const shape = readModule(readArtifact());
  expect(shape.functions.length).toBe(module.getNumFunctions());
  expect(shape.exports.length).toBe(module.getNumExports());
  module.dispose();
});

test.each([
  ["memory.copy", '(func (export "f") (memory.copy (i32.const 0) (i32.const 8) (i32.const 8)))'],
  ["memory.fill", '(func (export "f") (memory.fill (i32.const 0) (i32.const 8) (i32.const 8)))'],
  [
    "references",
    '(table $t 1 externref) (func (export "f") (param externref) (table.set $t (i32.const 0) (local.get 0)))',
  ],
  ["sign extension", '(func (export "f") (result i32) (i32.extend8_s (i32.const 1)))'],
  ["vectors", '(func (export "f") (drop (v128.const i32x4 1 2 3 4)))'],
])("%s is later than the first version of wasm", (_, text) => {
  expect(problemsOf(memory, text)).toContain("instructions later than wasm's first version");
});

test("floating point", () => {
  expect(problemsOf(memory, '(func (export "f") (result f64) (f64.const 1))')).toContain("floating point");
});

test("too many locals, in one function and in all", () => {
  const locals = (count: number): string => `(func (local ${Array(count).fill("i32").join(" ")}))`;
  expect(problemsOf(memory, locals(100))).not.toContain("locals");
  expect(problemsOf(memory, locals(101))).toContain("101 locals of one function, at most 100");
  expect(problemsOf(memory, ...Array<string>(101).fill(locals(100)))).toContain("10100 locals, at most 10000");
});

test("too many parameters, and more than one result", () => {
  const parameters = `(func (param ${Array(101).fill("i32").join(" ")}))`;
  expect(problemsOf(memory, parameters)).toContain("101 parameters of one function, at most 100");
  expect(problemsOf(memory, "(func (result i32 i32) (i32.const 1) (i32.const 2))")).toContain(
    "2 results of one function, at most 1",
  );
});

test("a table or a memory that is too large, or no memory", () => {
  expect(problemsOf(memory, "(table 2501 funcref)")).toContain("2501 elements of a table, at most 2500");
  expect(problemsOf("(memory 513)")).toContain("513 memory pages, at most 512");
  expect(problemsOf("(func)")).toContain("0 memories, not one");
});

test("too many bytes", () => {
  const data = `(memory 60) (data (i32.const 0) "${"x".repeat(3 * 1024 * 1024)}")`;
  expect(problemsOf(data)).toMatch(/31457\d\d bytes, at most 3145728/);
});

test("an import or an export that chains do not have, or that marks what they would have to have", () => {
  expect(problemsOf('(import "env" "bls12_381_hash_to_g1" (func))', memory)).toContain(
    "imports env.bls12_381_hash_to_g1",
  );
  expect(problemsOf(memory, '(func (export "requires_cosmwasm_2_1"))')).toContain("exports requires_cosmwasm_2_1");
});

test("what is no module is no artifact", () => {
  expect(() => readModule(Uint8Array.of(1, 2, 3))).toThrow(RangeError);
  expect(() => readModule(Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0))).toThrow(TypeError);
  expect(() => readModule(readArtifact().slice(0, 20_000))).toThrow(RangeError);
});
