// Strict SSZ serialization (consensus-specs ssz/simple-serialize.md) for the few shapes that evidence is made of.
// Decoding accepts exactly the bytes that encoding produces: offsets are checked, nothing may be left over.
import { concatBytes } from "@noble/hashes/utils.js";

/** Thrown by decoders only; verifiers turn it into the reason MALFORMED. */
export class SszError extends Error {
  override readonly name = "SszError";
}

export interface SszType<T> {
  /** Serialized size in bytes, or undefined when it depends on the value. */
  readonly size: number | undefined;
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

export type SszValue<S> = S extends SszType<infer T> ? T : never;

export const uint64: SszType<bigint> = {
  size: 8,
  encode(value) {
    if (value < 0n || value >= 1n << 64n) throw new SszError(`uint64 out of range: ${value}`);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    return bytes;
  },
  decode(bytes) {
    if (bytes.length !== 8) throw new SszError(`uint64: expected 8 bytes, got ${bytes.length}`);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  },
};

export function byteVector(length: number): SszType<Uint8Array> {
  const check = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length !== length) throw new SszError(`byteVector: expected ${length} bytes, got ${bytes.length}`);
    return bytes.slice();
  };
  return { size: length, encode: check, decode: check };
}

export function byteList(limit: number): SszType<Uint8Array> {
  const check = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length > limit) throw new SszError(`byteList: at most ${limit} bytes, got ${bytes.length}`);
    return bytes.slice();
  };
  return { size: undefined, encode: check, decode: check };
}

/** Printable ASCII of at most `limit` characters, serialized as a byte list: what chain and client ids are made of. */
export function ascii(limit: number): SszType<string> {
  const bytes = byteList(limit);
  const check = (value: Uint8Array): Uint8Array => {
    if (value.some((byte) => byte < 0x20 || byte > 0x7e)) throw new SszError("ascii: not printable ASCII");
    return value;
  };
  return {
    size: undefined,
    encode: (value) =>
      bytes.encode(check(Uint8Array.from(value, (character) => Math.min(character.charCodeAt(0), 0xff)))),
    decode: (value) => String.fromCharCode(...check(bytes.decode(value))),
  };
}

const OFFSET = 4;

function readOffsets(bytes: Uint8Array, positions: readonly number[], start: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offsets = positions.map((position) => view.getUint32(position, true));
  for (const [index, offset] of offsets.entries()) {
    const previous = index === 0 ? start : (offsets[index - 1] ?? 0);
    if (index === 0 ? offset !== start : offset < previous) throw new SszError("offsets are not in order");
    if (offset > bytes.length) throw new SszError("offset beyond the end");
  }
  return offsets;
}

function writeOffset(value: number): Uint8Array {
  const bytes = new Uint8Array(OFFSET);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

export function list<T>(element: SszType<T>, limit: number): SszType<T[]> {
  const { size } = element;
  const checkCount = (count: number): void => {
    if (count > limit) throw new SszError(`list: at most ${limit} elements, got ${count}`);
  };
  return {
    size: undefined,
    encode(values) {
      checkCount(values.length);
      const parts = values.map((value) => element.encode(value));
      if (size !== undefined) return concatBytes(...parts);
      let offset = values.length * OFFSET;
      const offsets = parts.map((part) => {
        const bytes = writeOffset(offset);
        offset += part.length;
        return bytes;
      });
      return concatBytes(...offsets, ...parts);
    },
    decode(bytes) {
      if (bytes.length === 0) return [];
      if (size !== undefined) {
        if (bytes.length % size !== 0) throw new SszError(`list: ${bytes.length} bytes is no multiple of ${size}`);
        checkCount(bytes.length / size);
        return Array.from({ length: bytes.length / size }, (_, index) =>
          element.decode(bytes.subarray(index * size, (index + 1) * size)),
        );
      }
      if (bytes.length < OFFSET) throw new SszError("list: shorter than one offset");
      const first = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
      if (first === 0 || first % OFFSET !== 0 || first > bytes.length) throw new SszError("list: bad first offset");
      const count = first / OFFSET;
      checkCount(count);
      const positions = Array.from({ length: count }, (_, index) => index * OFFSET);
      const offsets = readOffsets(bytes, positions, first);
      return offsets.map((offset, index) => element.decode(bytes.subarray(offset, offsets[index + 1] ?? bytes.length)));
    },
  };
}

type Fields = Record<string, SszType<unknown>>;
type FieldType = {
  readonly size: number | undefined;
  encode(value: never): Uint8Array;
  decode(bytes: Uint8Array): unknown;
};

/** Fields are serialized in the order in which the object literal names them. */
export function container<F extends Record<string, FieldType>>(
  fields: F,
): SszType<{ [K in keyof F]: F[K] extends SszType<infer T> ? T : never }> {
  type Value = { [K in keyof F]: F[K] extends SszType<infer T> ? T : never };
  const entries = Object.entries(fields as unknown as Fields);
  const sizes = entries.map(([, type]) => type.size);
  const fixedLength = sizes.reduce<number>((total, size) => total + (size ?? OFFSET), 0);
  const size = sizes.includes(undefined) ? undefined : fixedLength;
  return {
    size,
    encode(value) {
      const parts = entries.map(([name, type]) => type.encode((value as Record<string, unknown>)[name]));
      let offset = fixedLength;
      const head = parts.map((part, index) => {
        if (sizes[index] !== undefined) return part;
        const bytes = writeOffset(offset);
        offset += part.length;
        return bytes;
      });
      return concatBytes(...head, ...parts.filter((_, index) => sizes[index] === undefined));
    },
    decode(bytes) {
      if (size === undefined ? bytes.length < fixedLength : bytes.length !== size)
        throw new SszError(`container: ${bytes.length} bytes do not fit its fields`);
      const starts: number[] = [];
      let position = 0;
      for (const fieldSize of sizes) {
        starts.push(position);
        position += fieldSize ?? OFFSET;
      }
      const offsets = readOffsets(
        bytes,
        starts.filter((_, index) => sizes[index] === undefined),
        fixedLength,
      );
      let variable = 0;
      const value = Object.fromEntries(
        entries.map(([name, type], index) => {
          const fieldSize = sizes[index];
          const start = starts[index] ?? 0;
          if (fieldSize !== undefined) return [name, type.decode(bytes.subarray(start, start + fieldSize))];
          const from = offsets[variable] ?? fixedLength;
          variable += 1;
          return [name, type.decode(bytes.subarray(from, offsets[variable] ?? bytes.length))];
        }),
      );
      return value as Value;
    },
  };
}
