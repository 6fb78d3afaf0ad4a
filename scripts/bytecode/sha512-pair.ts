// Code that hashes two messages with SHA-512 at once (FIPS 180-4).
//
// A 256-bit word holds a 64-bit word of each message: the first message's in bits 0 to 63, the second's in bits 128 to 191. Sums
// overflow into the free bits above, which `mask` clears. For rotations a word is doubled: multiplied by 2^64 + 1, each
// half of 128 bits holds it twice, and what is shifted right by less than 64 has the rotation in its lower half.
//
// Calldata: the first message's number of 128-byte blocks (32 bytes), the second's (32 bytes), the first message, padded
// as in FIPS 180-4 section 5.1.2, then the second one. A message of no blocks gives a digest that means nothing.
// Returns the two digests, 128 bytes.
import { Assembler } from "./assembler.ts";

const WORD = (1n << 64n) - 1n;
const LANES = (1n << 128n) | 1n;
const MASK = WORD * LANES;
const DOUBLE = (1n << 64n) + 1n;
const FIRST_LANE = (1n << 128n) - 1n;

/** Memory: the message schedule, then the hash value. */
const SCHEDULE = 0;
const HASH = 80 * 32;

const letters = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;

function primes(count: number): bigint[] {
  const found: bigint[] = [];
  for (let candidate = 2n; found.length < count; candidate++)
    if (found.every((prime) => candidate % prime !== 0n)) found.push(candidate);
  return found;
}

/** The first 64 bits of the fraction of a root. */
function rootFraction(value: bigint, degree: bigint): bigint {
  const scaled = value << (64n * degree);
  let [low, high] = [0n, 1n << 80n];
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= scaled) low = middle;
    else high = middle - 1n;
  }
  return low & WORD;
}

/** FIPS 180-4 sections 4.2.3 and 5.3.5. */
const roundConstants = primes(80).map((prime) => rootFraction(prime, 3n));
const initialHash = primes(8).map((prime) => rootFraction(prime, 2n));

/** Turns the word on top, and a copy of it that it keeps below for `shift`, into (rotr r0) ^ (rotr r1) ^ (rotr r2). */
function rotations(code: Assembler, [r0, r1, r2]: readonly [number, number, number]): void {
  code.push(DOUBLE).op("mul").name("x");
  code.dup("x").push(r0).op("shr").dup("x").push(r1).op("shr", "xor");
  code.swap("x").push(r2).op("shr", "xor").dup("mask").op("and");
}

/** Writes the schedule's words 16 * 2 lanes from calldata, four words of a message at a time. */
function loadBlock(code: Assembler): void {
  for (let group = 0; group < 4; group++) {
    code
      .dup("first")
      .push(32 * group)
      .op("add", "calldataload")
      .name("u");
    code
      .dup("second")
      .push(32 * group)
      .op("add", "calldataload")
      .name("v");
    // Words 0 and 1 of both messages.
    code.dup("u").push(128).op("shr").dup("v").push(128).op("shr").push(128).op("shl", "or").name("upper");
    code
      .dup("upper")
      .push(64)
      .op("shr")
      .dup("mask")
      .op("and")
      .push(SCHEDULE + 128 * group)
      .op("mstore");
    code
      .dup("mask")
      .op("and")
      .push(SCHEDULE + 128 * group + 32)
      .op("mstore");
    // Words 2 and 3.
    code.push(128).op("shl").swap("u").push(FIRST_LANE).op("and", "or").name("lower");
    code
      .dup("lower")
      .push(64)
      .op("shr")
      .dup("mask")
      .op("and")
      .push(SCHEDULE + 128 * group + 64)
      .op("mstore");
    code
      .dup("mask")
      .op("and")
      .push(SCHEDULE + 128 * group + 96)
      .op("mstore");
  }
}

/** Puts word t of the schedule on top; from 16 on it is computed, and kept as long as later ones need it. */
function scheduleWord(code: Assembler, t: number): void {
  const load = (index: number): Assembler => code.push(SCHEDULE + 32 * index).op("mload");
  if (t < 16) {
    load(t);
    return;
  }
  // sigma0 = (rotr 1) ^ (rotr 8) ^ (shr 7): with r = rotr 1, the rest is (r ^ x) shr 7.
  load(t - 15)
    .name("x")
    .dup("x")
    .push(DOUBLE)
    .op("mul")
    .push(1)
    .op("shr")
    .name("r");
  code.swap("x").dup("r").op("xor").push(7).op("shr", "xor").dup("mask").op("and");
  // sigma1 = (rotr 19) ^ (rotr 61) ^ (shr 6)
  load(t - 2)
    .name("x")
    .dup("x")
    .push(DOUBLE)
    .op("mul")
    .name("xx");
  code.dup("xx").push(19).op("shr").swap("xx").push(61).op("shr", "xor");
  code.swap("x").push(6).op("shr", "xor").dup("mask").op("and", "add");
  load(t - 7).op("add");
  load(t - 16)
    .op("add")
    .dup("mask")
    .op("and")
    .name("w");
  // The last word that a later one needs is t - 2 of word 79.
  if (t < 78)
    code
      .dup("w")
      .push(SCHEDULE + 32 * t)
      .op("mstore");
}

/** One round (section 6.4.2, step 3). `bc` is b ^ c, which was a ^ b in the round before. Returns the letters' new holders. */
function round(code: Assembler, t: number, [a, b, , d, e, f, g, h]: readonly string[]): void {
  if (!a || !b || !d || !e || !f || !g || !h) throw new Error("eight letters");
  // T1 = h + Sigma1(e) + Ch(e, f, g) + K + W, where Ch = ((f ^ g) & e) ^ g
  scheduleWord(code, t);
  code
    .name("")
    .push((roundConstants[t] ?? 0n) * LANES)
    .op("add")
    .dup(h)
    .op("add");
  rotations(code.dup(e), [14, 18, 41]);
  code.op("add").dup(f, g).op("xor").dup(e).op("and").dup(g).op("xor", "add").name("t1");
  // T2 = Sigma0(a) + Maj(a, b, c), where Maj = ((a ^ b) & (b ^ c)) ^ b
  rotations(code.dup(a), [28, 34, 39]);
  code.dup(a, b).op("xor").name("ab").swap("bc").dup("ab").op("and").dup(b).op("xor", "add").rename("ab", "bc");
  // The new a takes h's place, and the new e takes d's.
  code.dup("t1").op("add").dup("mask").op("and").replace(h);
  code.name("").dup(d).op("add").dup("mask").op("and").replace(d);
}

export function sha512Pair(): Uint8Array {
  const code = new Assembler();
  for (const [index, word] of initialHash.entries())
    code
      .push(word * LANES)
      .push(HASH + 32 * index)
      .op("mstore");
  code.push(0).op("calldataload").name("left0").push(32).op("calldataload").name("left1").push(64).name("first");
  code.dup("left0").push(7).op("shl").push(64).op("add").name("second").push(MASK).name("mask");

  code.label("block");
  // What a block adds to the hash value counts for a message that has a block left.
  code.dup("left0").push(0).op("lt").push(WORD).op("mul");
  code
    .dup("left1")
    .push(0)
    .op("lt")
    .push(WORD << 128n)
    .op("mul", "or")
    .name("active");
  loadBlock(code);
  for (const [index, letter] of letters.entries())
    code
      .push(HASH + 32 * index)
      .op("mload")
      .name(letter);
  code.dup("b", "c").op("xor").name("bc");
  let holders: readonly string[] = letters;
  for (let t = 0; t < 80; t++) {
    round(code, t, holders);
    holders = [...holders.slice(7), ...holders.slice(0, 7)];
  }
  code.op("pop");
  for (const [index] of [...letters.entries()].reverse()) {
    code
      .dup("active")
      .op("and")
      .push(HASH + 32 * index)
      .op("mload", "add");
    code
      .dup("mask")
      .op("and")
      .push(HASH + 32 * index)
      .op("mstore");
  }
  code.op("pop");
  for (const pointer of ["first", "second"]) code.dup(pointer).push(128).op("add").replace(pointer);
  for (const left of ["left0", "left1"]) code.dup(left).push(0).op("lt").dup(left).op("sub").replace(left);
  code.dup("left0", "left1").op("or").jumpIf("block");

  for (const half of [0, 1]) {
    // Two words of each message in one: the first message's in the lower 128 bits.
    const pair = (index: number): Assembler =>
      code
        .push(HASH + 32 * index + 32)
        .op("mload")
        .push(HASH + 32 * index)
        .op("mload")
        .push(64)
        .op("shl", "or");
    pair(4 * half).name("p");
    pair(4 * half + 2).name("q");
    code
      .push(FIRST_LANE)
      .dup("q")
      .op("and")
      .dup("p")
      .push(128)
      .op("shl", "or")
      .push(32 * half)
      .op("mstore");
    code
      .push(128)
      .op("shr")
      .swap("p")
      .push(128)
      .op("shr")
      .push(128)
      .op("shl", "or")
      .push(64 + 32 * half)
      .op("mstore");
  }
  code.push(128).push(0).op("return");
  return code.assemble();
}
