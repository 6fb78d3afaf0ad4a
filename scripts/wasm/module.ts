// Reads of a wasm module what a VM limits: how much of everything there is, and what it takes from and gives to the host.
// WebAssembly Core Specification 1.0, section 5.5.

/** How many parameters and results a function has. */
interface FunctionType {
  readonly parameters: number;
  readonly results: number;
}

export interface ModuleShape {
  /** `module.name` of each import. */
  readonly imports: readonly string[];
  readonly exports: readonly string[];
  /** The imported ones first. */
  readonly functions: readonly FunctionType[];
  /** Of each function with a body: how many locals besides its parameters. */
  readonly locals: readonly number[];
  /** Elements each table begins with, and 64 KiB pages each memory does. */
  readonly tables: readonly number[];
  readonly memories: readonly number[];
}

class Reader {
  readonly #bytes: Uint8Array;
  position: number;
  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.position = position;
  }

  get done(): boolean {
    return this.position >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.position];
    if (byte === undefined) throw new RangeError("the module ends too early");
    this.position += 1;
    return byte;
  }

  /** LEB128. */
  uint32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Uint8Array {
    this.position += length;
    if (this.position > this.#bytes.length) throw new RangeError("the module ends too early");
    return this.#bytes.subarray(this.position - length, this.position);
  }

  name(): string {
    return new TextDecoder().decode(this.take(this.uint32()));
  }

  /** A vector's elements. */
  many<T>(element: () => T): T[] {
    return Array.from({ length: this.uint32() }, element);
  }

  limits(): number {
    const hasMaximum = (this.byte() & 1) === 1;
    const minimum = this.uint32();
    if (hasMaximum) this.uint32();
    return minimum;
  }
}

const section = { types: 1, imports: 2, functions: 3, tables: 4, memories: 5, exports: 7, code: 10 } as const;
const importKind = { function: 0, table: 1, memory: 2, global: 3 } as const;

function sections(bytes: Uint8Array): Map<number, Reader> {
  const reader = new Reader(bytes);
  if (Buffer.compare(reader.take(8), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)) !== 0)
    throw new TypeError("no wasm module of version 1");
  const found = new Map<number, Reader>();
  while (!reader.done) {
    const id = reader.byte();
    found.set(id, new Reader(reader.take(reader.uint32())));
  }
  return found;
}

/** With the number of a function's type. */
function readImport(reader: Reader): { readonly name: string; readonly type?: number } {
  const name = `${reader.name()}.${reader.name()}`;
  const kind = reader.byte();
  if (kind === importKind.function) return { name, type: reader.uint32() };
  if (kind === importKind.table) reader.byte();
  if (kind === importKind.global) reader.take(2);
  else reader.limits();
  return { name };
}

function readLocals(reader: Reader): number {
  const body = new Reader(reader.take(reader.uint32()));
  const groups = body.many(() => {
    const count = body.uint32();
    body.byte();
    return count;
  });
  return groups.reduce((sum, count) => sum + count, 0);
}

/** Throws when the bytes are no module of version 1. */
export function readModule(bytes: Uint8Array): ModuleShape {
  const found = sections(bytes);
  const read = <T>(id: number, element: (reader: Reader) => T): T[] => {
    const reader = found.get(id);
    return reader?.many(() => element(reader)) ?? [];
  };
  const imports = read(section.imports, readImport);
  const types = read(section.types, (reader): FunctionType => {
    reader.byte();
    return { parameters: reader.many(() => reader.byte()).length, results: reader.many(() => reader.byte()).length };
  });
  const defined = read(section.functions, (reader) => reader.uint32());
  const functions = [...imports.flatMap(({ type }) => (type === undefined ? [] : [type])), ...defined];
  return {
    imports: imports.map(({ name }) => name),
    exports: read(section.exports, (reader) => {
      const name = reader.name();
      reader.byte();
      reader.uint32();
      return name;
    }),
    functions: functions.map((type) => types[type] ?? { parameters: 0, results: 0 }),
    locals: read(section.code, readLocals),
    tables: read(section.tables, (reader) => {
      reader.byte();
      return reader.limits();
    }),
    memories: read(section.memories, (reader) => reader.limits()),
  };
}
