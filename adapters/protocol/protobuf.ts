// The little of the protobuf wire format that IBC messages need: varints and length-delimited fields, canonical only.
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** Thrown by decoders only; callers turn it into a verdict or an error of their own. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

function varint(value: bigint): Uint8Array {
  if (value < 0x80n) return Uint8Array.of(Number(value));
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** proto3: a zero is not written. */
export const uint64Field = (number: number, value: bigint): Uint8Array =>
  value === 0n ? new Uint8Array() : concatBytes(varint(BigInt(number) << 3n), varint(value));

/** int64 and int32: a negative value takes ten bytes. */
export const int64Field = (number: number, value: bigint): Uint8Array => uint64Field(number, BigInt.asUintN(64, value));

/** Eight little-endian bytes. */
export function sfixed64Field(number: number, value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array();
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return concatBytes(varint((BigInt(number) << 3n) | 1n), bytes);
}

/** A message by itself, after its length. */
export const lengthDelimited = (message: Uint8Array): Uint8Array =>
  concatBytes(varint(BigInt(message.length)), message);

/** An embedded message or repeated element: written even when empty. */
export function messageField(number: number, value: Uint8Array): Uint8Array {
  const key = number * 8 + 2;
  // Nearly all are so short.
  if (key >= 0x80 || value.length >= 0x80) return concatBytes(varint(BigInt(key)), varint(BigInt(value.length)), value);
  const field = new Uint8Array(value.length + 2);
  field[0] = key;
  field[1] = value.length;
  field.set(value, 2);
  return field;
}

/** proto3: an empty string or byte string is not written. */
export const bytesField = (number: number, value: Uint8Array): Uint8Array =>
  value.length === 0 ? value : messageField(number, value);

export const stringField = (number: number, value: string): Uint8Array => bytesField(number, utf8ToBytes(value));

export type ProtobufField =
  | { readonly number: number; readonly kind: "varint"; readonly value: bigint }
  | { readonly number: number; readonly kind: "bytes"; readonly value: Uint8Array };

/** The fields of a message in wire order. Whether that order and form are canonical is for the caller to check by re-encoding. */
export function readFields(bytes: Uint8Array): ProtobufField[] {
  const fields: ProtobufField[] = [];
  let position = 0;
  const readVarint = (): bigint => {
    const first = bytes[position];
    if (first !== undefined && first < 0x80) {
      position += 1;
      return BigInt(first);
    }
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[position];
      if (byte === undefined) throw new ProtobufError("ends inside a varint");
      position += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value >= 1n << 64n) break;
        return value;
      }
    }
    throw new ProtobufError("varint exceeds 64 bits");
  };
  /** Above 2^53 it is rounded, and too large for what it is read for. */
  const readSize = (): number => {
    const first = bytes[position];
    if (first === undefined || first >= 0x80) return Number(readVarint());
    position += 1;
    return first;
  };
  while (position < bytes.length) {
    const key = readSize();
    const number = Math.floor(key / 8);
    if (number < 1 || number > 536_870_911) throw new ProtobufError("field number out of range");
    const wireType = key % 8;
    if (wireType === 0) {
      fields.push({ number, kind: "varint", value: readVarint() });
    } else if (wireType === 2) {
      const length = readSize();
      if (length > bytes.length - position) throw new ProtobufError("field exceeds the message");
      fields.push({ number, kind: "bytes", value: bytes.slice(position, position + length) });
      position += length;
    } else {
      throw new ProtobufError(`wire type ${wireType} is not used here`);
    }
  }
  return fields;
}
