// ICS-23 proofs in the form that Ics23.sol reads, from their canonical protobuf (cosmos.ics23.v1.CommitmentProof).
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import { readFields } from "#adapters/protocol/protobuf.ts";

/** Of a store's keys, or of the stores under an app hash. */
export type Ics23Form = "simple" | "iavl";

/** What is around the bytes that a packed proof carries. */
const frames = {
  simple: { leaf: [0x00], child: [], meta: (prefix: Uint8Array) => prefix.subarray(1) },
  iavl: { leaf: [0x00, 0x02], child: [0x20], meta: (prefix: Uint8Array) => prefix },
} as const;

const RIGHT_STEP = 0x80;

const unpackable = (what: string): CausewayError =>
  new CausewayError("INVALID_ARGUMENT", `an ICS-23 proof cannot be packed: ${what}`);

function only(message: Uint8Array, number: number): Uint8Array | undefined {
  const found = readFields(message).filter((field) => field.number === number);
  const [field] = found;
  if (found.length > 1 || field?.kind === "varint") throw unpackable(`field ${number}`);
  return field?.value;
}

const all = (message: Uint8Array, number: number): Uint8Array[] =>
  readFields(message).flatMap((field) => (field.number === number && field.kind === "bytes" ? [field.value] : []));

function required(message: Uint8Array, number: number): Uint8Array {
  const value = only(message, number);
  if (!value) throw unpackable(`field ${number} is missing`);
  return value;
}

/** The hash functions and length rules that both forms have; they are not in what is packed. */
function isOf(message: Uint8Array, expected: Readonly<Record<number, bigint>>): boolean {
  const found = readFields(message).flatMap((field) => (field.kind === "varint" ? [field] : []));
  return (
    found.length === Object.keys(expected).length && found.every(({ number, value }) => expected[number] === value)
  );
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

function packOperation(form: Ics23Form, operation: Uint8Array): Uint8Array {
  if (!isOf(operation, INNER_OP)) throw unpackable("another hash function");
  const prefix = required(operation, 2);
  const suffix = only(operation, 3) ?? new Uint8Array();
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

function packLeaf(form: Ics23Form, proof: Uint8Array): Uint8Array {
  const operation = required(proof, 3);
  if (!isOf(operation, LEAF_OP)) throw unpackable("another hash function");
  const prefix = only(operation, 5) ?? new Uint8Array();
  const { leaf } = frames[form];
  const version = prefix.subarray(leaf.length);
  if (!endsWith(prefix.subarray(0, leaf.length), 0, leaf)) throw unpackable("a leaf of another form");
  if (form === "iavl" && version.length <= 0xff) return concatBytes(Uint8Array.of(version.length), version);
  if (form === "simple" && version.length === 0) return version;
  throw unpackable("a leaf of another form");
}

function packSteps(form: Ics23Form, operations: readonly Uint8Array[]): Uint8Array {
  if (operations.length > 0xff) throw unpackable("too many operations");
  return concatBytes(Uint8Array.of(operations.length), ...operations.map((each) => packOperation(form, each)));
}

/** @param proof A CommitmentProof that holds `exist`. */
export function packExistence(form: Ics23Form, proof: Uint8Array): Uint8Array {
  const exist = required(proof, 1);
  return concatBytes(sized(required(exist, 2)), packLeaf(form, exist), packSteps(form, all(exist, 4)));
}

/** The steps from the store `ibc` to the app hash. @param proof A CommitmentProof that holds `exist`. */
export function packStoreSteps(proof: Uint8Array): Uint8Array {
  const exist = required(proof, 1);
  packLeaf("simple", exist);
  return packSteps("simple", all(exist, 4));
}

function packNeighbour(form: Ics23Form, proof: Uint8Array, operations: readonly Uint8Array[]): Uint8Array {
  const valueHash = sha256(required(proof, 2));
  return concatBytes(sized(required(proof, 1)), valueHash, packLeaf(form, proof), packSteps(form, operations));
}

const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** @param proof A CommitmentProof that holds `nonexist`. */
export function packAbsence(form: Ics23Form, proof: Uint8Array): Uint8Array {
  const nonexist = required(proof, 2);
  const [left, right] = [only(nonexist, 2), only(nonexist, 3)];
  if (!left || !right) {
    const neighbour = left ?? required(nonexist, 3);
    return concatBytes(Uint8Array.of(left ? 1 : 2), packNeighbour(form, neighbour, all(neighbour, 4)));
  }
  const [ofLeft, ofRight] = [all(left, 4), all(right, 4)];
  let shared = 0;
  const fromTop = (operations: readonly Uint8Array[]): Uint8Array => operations.at(-1 - shared) ?? new Uint8Array();
  while (shared < Math.min(ofLeft.length, ofRight.length) && isEqual(fromTop(ofLeft), fromTop(ofRight))) shared += 1;
  if (shared >= Math.min(ofLeft.length, ofRight.length)) throw unpackable("two neighbours that do not part");
  // The operation at which they part is packed once, as left's: its sibling is the right side.
  return concatBytes(
    Uint8Array.of(3),
    packNeighbour(form, left, ofLeft.slice(0, -1 - shared)),
    packNeighbour(form, right, ofRight.slice(0, -1 - shared)),
    packSteps(form, ofLeft.slice(-1 - shared)),
  );
}
