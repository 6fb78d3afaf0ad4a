// ICS-23 proofs in the form that Ics23.sol reads, from their canonical protobuf (cosmos.ics23.v1.CommitmentProof).
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { protobufReader, unpackable } from "./protobuf-reader.ts";
import type { ProtobufReader } from "./protobuf-reader.ts";

/** Of a store's keys, or of the stores under an app hash. */
export type Ics23Form = "simple" | "iavl";

/** What is around the bytes that a packed proof carries. */
const frames = {
  simple: { leaf: [0x00], child: [], meta: (prefix: Uint8Array) => prefix.subarray(1) },
  iavl: { leaf: [0x00, 0x02], child: [0x20], meta: (prefix: Uint8Array) => prefix },
} as const;

const RIGHT_STEP = 0x80;

/** The hash functions and length rules that both forms have; they are not in what is packed. */
function requireNumbers(operation: ProtobufReader, expected: Readonly<Record<number, bigint>>): void {
  const isSame =
    operation.numbers.size === Object.keys(expected).length &&
    [...operation.numbers].every(([field, value]) => expected[field] === value);
  if (!isSame) throw unpackable("another hash function");
}

const INNER_OP = { 1: 1n };
const LEAF_OP = { 1: 1n, 3: 1n, 4: 1n };

function sized(value: Uint8Array): Uint8Array {
  if (value.length > 0xffff) throw unpackable("a key or value is too long");
  return concatBytes(Uint8Array.of(value.length >> 8, value.length & 0xff), value);
}

/** Whether the bytes from `from` on are exactly these. */
const endsWith = (bytes: Uint8Array, from: number, expected: readonly number[]): boolean =>
  bytes.length === from + expected.length && expected.every((value, index) => bytes[from + index] === value);

function packOperation(form: Ics23Form, operation: ProtobufReader): Uint8Array {
  requireNumbers(operation, INNER_OP);
  const prefix = operation.bytes(2);
  const suffix = operation.bytes(3);
  const { child } = frames[form];
  const siblingSize = child.length + 32;
  // With its only child's frame, what is before that child; then a sibling's frame and hash on one side.
  const isRight = suffix.length === 0;
  const metaSize = prefix.length - child.length - (isRight ? siblingSize : 0);
  if (metaSize < 0 || (!isRight && suffix.length !== siblingSize)) throw unpackable("an operation without one sibling");
  const around = isRight ? prefix.subarray(metaSize) : suffix;
  const framed =
    endsWith(around.subarray(0, child.length), 0, child) && endsWith(prefix, prefix.length - child.length, child);
  const meta = frames[form].meta(prefix.subarray(0, metaSize));
  if (!framed || (form === "simple" && (metaSize !== 1 || prefix[0] !== 0x01)) || meta.length > 0x7f)
    throw unpackable("an operation of another form");
  const sibling = around.subarray(child.length, siblingSize);
  return concatBytes(Uint8Array.of((isRight ? RIGHT_STEP : 0) | meta.length), meta, sibling);
}

function packLeaf(form: Ics23Form, proof: ProtobufReader): Uint8Array {
  const operation = proof.message(3);
  requireNumbers(operation, LEAF_OP);
  const prefix = operation.bytes(5);
  const { leaf } = frames[form];
  const version = prefix.subarray(leaf.length);
  if (!endsWith(prefix.subarray(0, leaf.length), 0, leaf)) throw unpackable("a leaf of another form");
  if (form === "iavl" && version.length <= 0xff) return concatBytes(Uint8Array.of(version.length), version);
  if (form === "simple" && version.length === 0) return version;
  throw unpackable("a leaf of another form");
}

function packSteps(form: Ics23Form, operations: readonly ProtobufReader[]): Uint8Array {
  if (operations.length > 0xff) throw unpackable("too many operations");
  return concatBytes(Uint8Array.of(operations.length), ...operations.map((each) => packOperation(form, each)));
}

/** @param proof A CommitmentProof that holds `exist`. */
export function packExistence(form: Ics23Form, proof: Uint8Array): Uint8Array {
  const exist = protobufReader(proof).message(1);
  return concatBytes(sized(exist.bytes(2)), packLeaf(form, exist), packSteps(form, exist.messages(4)));
}

/** The steps from the store `ibc` to the app hash. @param proof A CommitmentProof that holds `exist`. */
export function packStoreSteps(proof: Uint8Array): Uint8Array {
  const exist = protobufReader(proof).message(1);
  packLeaf("simple", exist);
  return packSteps("simple", exist.messages(4));
}

function packNeighbour(form: Ics23Form, proof: ProtobufReader, operations: readonly ProtobufReader[]): Uint8Array {
  const value = proof.bytes(2);
  if (value.length === 0) throw unpackable("a neighbour without a value");
  return concatBytes(sized(proof.bytes(1)), sha256(value), packLeaf(form, proof), packSteps(form, operations));
}

const isEqual = (left: ProtobufReader | undefined, right: ProtobufReader | undefined): boolean =>
  left !== undefined &&
  right !== undefined &&
  [2, 3].every((field) => bytesToHex(left.bytes(field)) === bytesToHex(right.bytes(field)));

/** @param proof A CommitmentProof that holds `nonexist`. */
export function packAbsence(form: Ics23Form, proof: Uint8Array): Uint8Array {
  const nonexist = protobufReader(proof).message(2);
  if (!nonexist.has(2) || !nonexist.has(3)) {
    const neighbour = nonexist.message(nonexist.has(2) ? 2 : 3);
    return concatBytes(Uint8Array.of(nonexist.has(2) ? 1 : 2), packNeighbour(form, neighbour, neighbour.messages(4)));
  }
  const [left, right] = [nonexist.message(2), nonexist.message(3)];
  const [ofLeft, ofRight] = [left.messages(4), right.messages(4)];
  let shared = 0;
  while (isEqual(ofLeft.at(-1 - shared), ofRight.at(-1 - shared))) shared += 1;
  if (shared >= Math.min(ofLeft.length, ofRight.length)) throw unpackable("two neighbours that do not part");
  // The operation at which they part is packed once, as left's: its sibling is the right side.
  return concatBytes(
    Uint8Array.of(3),
    packNeighbour(form, left, ofLeft.slice(0, -1 - shared)),
    packNeighbour(form, right, ofRight.slice(0, -1 - shared)),
    packSteps(form, ofLeft.slice(-1 - shared)),
  );
}
