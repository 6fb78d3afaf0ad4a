// Reads single fields of canonical protobuf; what a packing cannot carry is refused with the field's name.
import { CausewayError } from "#adapters/protocol/error.ts";
import { readFields } from "#adapters/protocol/protobuf.ts";

export const unpackable = (what: string): CausewayError =>
  new CausewayError("INVALID_ARGUMENT", `the evidence cannot be packed: ${what}`);

/** By field number; absent fields read as protobuf's defaults. Throws ProtobufError for bytes that are no protobuf. */
export interface ProtobufReader {
  /** As an unsigned 64-bit number. */
  number(field: number): bigint;
  bytes(field: number): Uint8Array;
  has(field: number): boolean;
  message(field: number): ProtobufReader;
  messages(field: number): ProtobufReader[];
  /** All fields of numbers. */
  readonly numbers: ReadonlyMap<number, bigint>;
}

export function protobufReader(encoded: Uint8Array): ProtobufReader {
  const numbers = new Map<number, bigint>();
  const strings = new Map<number, Uint8Array[]>();
  for (const field of readFields(encoded)) {
    if (field.kind === "varint") numbers.set(field.number, field.value);
    else strings.set(field.number, [...(strings.get(field.number) ?? []), field.value]);
  }
  const bytes = (field: number): Uint8Array => {
    const [value, ...more] = strings.get(field) ?? [];
    if (more.length > 0) throw unpackable(`field ${field} is repeated`);
    return value ?? new Uint8Array();
  };
  return {
    number: (field) => numbers.get(field) ?? 0n,
    bytes,
    has: (field) => strings.has(field),
    message: (field) => {
      if (!strings.has(field)) throw unpackable(`field ${field} is missing`);
      return protobufReader(bytes(field));
    },
    messages: (field) => (strings.get(field) ?? []).map(protobufReader),
    numbers,
  };
}
