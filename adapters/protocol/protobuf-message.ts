// Protobuf messages by their schema. Decoding is strict about what it reads; that the bytes are canonical is for the caller to
// check, by encoding the value again.
import { bytesField, int64Field, messageField, ProtobufError, readFields, uint64Field } from "./protobuf.ts";
import type { ProtobufField } from "./protobuf.ts";

export interface ProtobufType<T> {
  encode(value: T): Uint8Array;
  /** Throws ProtobufError. */
  decode(bytes: Uint8Array): T;
}

/** How one field of a message is written, and read from all fields of its number. */
export interface FieldType<T> {
  write(number: number, value: T): Uint8Array;
  read(found: readonly ProtobufField[]): T;
}

export type ProtobufValue<M> = M extends ProtobufType<infer T> ? T : never;

const EMPTY = new Uint8Array();

/** Of any number of parts: more than a function takes arguments. */
function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function single(found: readonly ProtobufField[]): ProtobufField | undefined {
  if (found.length > 1) throw new ProtobufError("a field is repeated");
  return found[0];
}

function varintOf(field: ProtobufField | undefined): bigint {
  if (field === undefined) return 0n;
  if (field.kind !== "varint") throw new ProtobufError("expected a varint");
  return field.value;
}

export function bytesOf(field: ProtobufField): Uint8Array {
  if (field.kind !== "bytes") throw new ProtobufError("expected a length-delimited field");
  return field.value;
}

export const uint64: FieldType<bigint> = { write: uint64Field, read: (found) => varintOf(single(found)) };

/** Also int32 and enums, whose range the caller checks. */
export const int64: FieldType<bigint> = {
  write: int64Field,
  read: (found) => BigInt.asIntN(64, varintOf(single(found))),
};

export const bytes: FieldType<Uint8Array> = {
  write: bytesField,
  read(found) {
    const field = single(found);
    return field === undefined ? EMPTY : bytesOf(field);
  },
};

/** A message that the Go types hold by value: it is always written. */
export const embedded = <T>(type: ProtobufType<T>): FieldType<T> => ({
  write: (number, value) => messageField(number, type.encode(value)),
  read(found) {
    const field = single(found);
    if (field === undefined) throw new ProtobufError("an embedded message is missing");
    return type.decode(bytesOf(field));
  },
});

export const optional = <T>(type: ProtobufType<T>): FieldType<T | undefined> => ({
  write: (number, value) => (value === undefined ? EMPTY : messageField(number, type.encode(value))),
  read(found) {
    const field = single(found);
    return field && type.decode(bytesOf(field));
  },
});

export const repeated = <T>(type: ProtobufType<T>): FieldType<readonly T[]> => ({
  write: (number, values) => join(values.map((value) => messageField(number, type.encode(value)))),
  read: (found) => found.map((field) => type.decode(bytesOf(field))),
});

// `never` lets every field type fit; the message's own type has them exactly.
type Schema = Record<
  string,
  readonly [
    number: number,
    type: { write(number: number, value: never): Uint8Array; read(found: readonly ProtobufField[]): unknown },
  ]
>;
type MessageOf<S extends Schema> = { readonly [K in keyof S]: S[K][1] extends FieldType<infer T> ? T : never };

/** Fields are written in the order in which the schema names them, which is that of their numbers. */
export function message<S extends Schema>(schema: S): ProtobufType<MessageOf<S>> {
  const entries = Object.entries(schema as unknown as Record<string, readonly [number, FieldType<unknown>]>);
  const places = new Map(entries.map(([, [number]], place) => [number, place]));
  return {
    encode: (value) =>
      join(entries.map(([name, [number, type]]) => type.write(number, (value as Record<string, unknown>)[name]))),
    decode(encoded) {
      const found: ProtobufField[][] = entries.map(() => []);
      for (const field of readFields(encoded)) {
        const some = found[places.get(field.number) ?? -1];
        if (some === undefined) throw new ProtobufError("an unknown field");
        some.push(field);
      }
      const value: Record<string, unknown> = {};
      for (const [place, [name, [, type]]] of entries.entries()) value[name] = type.read(found[place] ?? []);
      return value as MessageOf<S>;
    },
  };
}

/** Exactly one field, whichever its number is. */
export const oneOf: ProtobufType<{ readonly number: number; readonly value: Uint8Array }> = {
  encode: ({ number, value }) => messageField(number, value),
  decode(encoded) {
    const [field, ...others] = readFields(encoded);
    if (field === undefined || others.length > 0) throw new ProtobufError("expected one field");
    return { number: field.number, value: bytesOf(field) };
  },
};
