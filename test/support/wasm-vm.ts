// CosmWasm's VM for one contract, in Node: memory, storage and BLS12-381 as packages/vm gives them, one fresh instance a call.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { z } from "zod";
import { remembered } from "./remembered.ts";

/** What the contract answers: the JSON under `ok` or the text under `error`. A trap is thrown. */
export type WasmAnswer = { readonly ok: unknown } | { readonly error: string };
export type WasmEntry = "instantiate" | "sudo" | "query" | "migrate";
export type WasmStorage = Map<string, Uint8Array>;

const answerSchema = z.union([z.strictObject({ ok: z.unknown() }), z.strictObject({ error: z.string() })]);

const exportsSchema = z.object({
  memory: z.instanceof(WebAssembly.Memory),
  allocate: z.custom<(size: number) => number>((value) => typeof value === "function"),
  deallocate: z.custom<(address: number) => void>((value) => typeof value === "function"),
});

const { G1, G2 } = bls12_381;
const INVALID_POINT = 8;
/** 08-wasm gives a contract 32 MiB. */
const MAX_MEMORY = 32 * 1024 * 1024;

const chunks = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: bytes.length / size }, (_, index) => bytes.slice(index * size, (index + 1) * size));

/** Of the group, or infinity; throws otherwise, as the VM's decoding refuses. */
function g1Point(bytes: Uint8Array) {
  if ((bytes[0] ?? 0) >> 6 === 3) return G1.Point.ZERO;
  const point = G1.Point.fromBytes(bytes);
  point.assertValidity();
  return point;
}

function g2Point(bytes: Uint8Array) {
  if ((bytes[0] ?? 0) >> 6 === 3) return G2.Point.ZERO;
  const point = G2.Point.fromBytes(bytes);
  point.assertValidity();
  return point;
}

const pairingEquality = remembered((ps, qs, r, s): boolean => {
  const left = chunks(ps, 48).map((p, index) => ({
    p: g1Point(p),
    q: g2Point(qs.slice(index * 96, (index + 1) * 96)),
  }));
  const pairs = [...left, { p: g1Point(r).negate(), q: g2Point(s) }].filter(({ p, q }) => !p.is0() && !q.is0());
  const product = bls12_381.pairingBatch(pairs.map(({ p, q }) => ({ g1: p, g2: q })));
  return bls12_381.fields.Fp12.eql(product, bls12_381.fields.Fp12.ONE);
});

const sumOfG1 = remembered((points) =>
  chunks(points, 48)
    .map(g1Point)
    .reduce((total, point) => total.add(point), G1.Point.ZERO)
    .toBytes(true),
);

const hashToG2 = remembered((message, tag) => G2.hashToCurve(message, { DST: tag }).toBytes(true));

/** The VM's code for a point that it cannot read. */
function codeOf(work: () => number): number {
  try {
    return work();
  } catch {
    return INVALID_POINT;
  }
}

/** A region is three little-endian words: where the bytes are, how many there is room for, how many there are. */
class Memory {
  readonly #instance: () => z.infer<typeof exportsSchema>;
  constructor(instance: () => z.infer<typeof exportsSchema>) {
    this.#instance = instance;
  }

  #region(address: number) {
    const view = new DataView(this.#instance().memory.buffer);
    const [offset, capacity, length] = [0, 4, 8].map((at) => view.getUint32(address + at, true)) as [
      number,
      number,
      number,
    ];
    if (offset === 0 || length > capacity || offset + capacity > view.byteLength) throw new Error("an invalid region");
    return { view, offset, capacity, length };
  }

  read(address: number): Uint8Array {
    const { view, offset, length } = this.#region(address);
    return new Uint8Array(view.buffer.slice(offset, offset + length));
  }

  write(address: number, bytes: Uint8Array): void {
    const { view, offset, capacity } = this.#region(address);
    if (bytes.length > capacity) throw new Error("a region that is too small");
    new Uint8Array(view.buffer).set(bytes, offset);
    view.setUint32(address + 8, bytes.length, true);
  }

  place(bytes: Uint8Array): number {
    const address = this.#instance().allocate(bytes.length);
    this.write(address, bytes);
    return address;
  }
}

function hostFunctions(memory: Memory, storage: WasmStorage, readOnly: boolean) {
  const keyOf = (address: number): string => Buffer.from(memory.read(address)).toString("latin1");
  const requireWritable = (): void => {
    if (readOnly) throw new Error("a query writes");
  };
  return {
    db_read(key: number): number {
      const value = storage.get(keyOf(key));
      return value === undefined ? 0 : memory.place(value);
    },
    db_write(key: number, value: number): void {
      requireWritable();
      const bytes = memory.read(value);
      if (bytes.length === 0 || bytes.length > 128 * 1024) throw new Error("a value that chains refuse");
      storage.set(keyOf(key), bytes);
    },
    db_remove(key: number): void {
      requireWritable();
      storage.delete(keyOf(key));
    },
    bls12_381_aggregate_g1: (points: number, out: number): number =>
      codeOf(() => {
        memory.write(out, sumOfG1(memory.read(points)));
        return 0;
      }),
    bls12_381_pairing_equality: (ps: number, qs: number, r: number, s: number): number =>
      codeOf(() => (pairingEquality(memory.read(ps), memory.read(qs), memory.read(r), memory.read(s)) ? 0 : 1)),
    bls12_381_hash_to_g2(hash: number, message: number, tag: number, out: number): number {
      if (hash !== 0) return 1;
      memory.write(out, hashToG2(memory.read(message), memory.read(tag)));
      return 0;
    },
  };
}

/** Runs a contract's entries on a storage. `now` is the chain's clock in Unix seconds. */
export function wasmVm(code: Uint8Array) {
  const module = new WebAssembly.Module(new Uint8Array(code));
  return (entry: WasmEntry, message: unknown, storage: WasmStorage, now: bigint): WasmAnswer => {
    const before = new Map(storage);
    const instance = new WebAssembly.Instance(module, {
      env: hostFunctions(new Memory(() => exported), storage, entry === "query"),
    });
    const exported = exportsSchema.parse({ ...instance.exports });
    const memory = new Memory(() => exported);
    const env = {
      block: { height: 12, time: String(now * 1_000_000_000n + 999_999_999n), chain_id: "simd-1" },
      transaction: null,
      contract: { address: "08-wasm-0" },
    };
    const given = entry === "instantiate" ? [env, { sender: "", funds: [] }, message] : [env, message];
    const places = given.map((value) =>
      memory.place(Buffer.from(typeof value === "string" ? value : JSON.stringify(value))),
    );
    const call = instance.exports[entry] as (...args: number[]) => number;
    const result = call(...places);
    const answer = answerSchema.parse(JSON.parse(Buffer.from(memory.read(result)).toString("utf8")));
    exported.deallocate(result);
    if (exported.memory.buffer.byteLength > MAX_MEMORY) throw new Error("more memory than the VM gives");
    if ("error" in answer) {
      // The chain undoes a transaction that failed.
      storage.clear();
      for (const [key, value] of before) storage.set(key, value);
    }
    return answer;
  };
}
