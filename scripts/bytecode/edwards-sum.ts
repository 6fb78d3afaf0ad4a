// Code that sums multiples of points on edwards25519: k1 * P1 + k2 * P2 + … (Straus' method, signed windows of 4 bits).
//
// -x^2 + y^2 = 1 + d x^2 y^2 over the integers modulo p = 2^255 - 19; d is no square, so the formulas below have no exceptions:
// they hold for all points of the curve, whatever their order (Hisil, Wong, Carter, Dawson: "Twisted Edwards Curves
// Revisited", 3.1 and 3.3, with a = -1). A point is (X : Y : Z : T) with x = X/Z, y = Y/Z, T = X Y / Z.
//
// Calldata: how many points have scalars of 64 digits (32 bytes), how many of 32 digits (32 bytes), then for each point, those
// with 64 digits first (at least one), x, y and scalar, 32 bytes each. x is below p, and both are on the curve: the caller has checked that.
// A scalar is written in hexadecimal digits that mean 8 less than they say: the word w means w - 0x888…8, with as many eights
// as digits. Returns X, Y and Z of the sum, 32 bytes each.
//
// Memory has one block for each point: 16 multiples of it, from -8 to 7, and its scalar: the upper 32 digits, until the lower
// ones take their place, seven bits to the left, so that a digit is read as a place among the multiples. A multiple is four words,
// Y + X, Y - X, 2 Z and 2 d T: what an addition needs. Sums of two field elements are not reduced where only a product needs
// them: 2 p is below 2^256.
import { Assembler } from "./assembler.ts";

const P = (1n << 255n) - 19n;
/** d = -121665 / 121666 */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const DOUBLE_D = (2n * D) % P;

const SUM = 0;
const DIFFERENCE = 32;
const DOUBLE_Z = 64;
const DOUBLE_DT = 96;
const MULTIPLE_SIZE = 128;
const SCALAR = 16 * MULTIPLE_SIZE;
const LOWER_DIGITS = SCALAR + 32;
const BLOCK_SIZE = LOWER_DIGITS + 32;
/** A digit times MULTIPLE_SIZE. */
const DIGIT_SHIFT = 7;
const DIGIT_MASK = 15 << DIGIT_SHIFT;
const HALF = 128;
/** Digits added in a row without a jump; a power of two. */
const UNROLLED = 8;

/** Pushes the product of two items. */
const product = (code: Assembler, a: string, b: string): Assembler => code.push(P).dup(a, b).op("mulmod");

/** Replaces the top, below p, by p minus it. */
const negate = (code: Assembler): Assembler => code.push(P).op("sub");

/** Doubles the point of the items X, Y, Z and T and negates it: that saves a subtraction, and four times in a row cancel out. */
function doubleNegated(code: Assembler, options: { readonly needsT: boolean }): void {
  product(code, "X", "X").name("A");
  product(code, "Y", "Y").name("B");
  // E = 2 X Y, H = A + B, G = A - B, F = G + 2 Z^2
  product(code, "X", "Y").name("XY").dup("XY").op("add").name("E");
  code.dup("A", "B").op("add").name("H").swap("B");
  negate(code).dup("A").op("add").name("G");
  product(code, "Z", "Z").name("ZZ").push(P).swapTwo().dup("ZZ").op("add").dup("G").op("addmod").name("F");
  product(code, "E", "F").replace("X");
  product(code, "G", "H").replace("Y");
  if (options.needsT) product(code, "E", "H").replace("T");
  code.push(P).swapTwo().dup("G").op("mulmod").replace("Z");
  code.drop(4);
}

/**
 * Adds to the point of the items X, Y, Z and T, which must be on top in this order, the multiple that lies in memory at the
 * item above them plus `offset`; with an affine one, Z is 1. Each value is taken from its place when it is used for the last
 * time.
 */
function add(code: Assembler, offset: number, isAffine = false): void {
  const word = (part: number): Assembler =>
    part + offset === 0 ? code.op("mload") : code.push(part + offset).op("add", "mload");
  code.name("q").swapTwo();
  // C = T * 2 d T', D = Z * 2 Z'
  code.push(P).swapTwo().dup("q");
  word(DOUBLE_DT).op("mulmod").name("C").swap("Z");
  if (isAffine) code.push(P).swapTwo().dup("Z").op("addmod").name("D");
  else {
    code.push(P).swapTwo().dup("q");
    word(DOUBLE_Z).op("mulmod").name("D");
  }
  // G = D + C, F = D - C
  code.dup("D", "C").op("add").name("G").swap("C");
  negate(code).op("add").name("F");
  // A = (Y - X) * (Y' - X'), B = (Y + X) * (Y' + X')
  code.dup("X", "Y").op("add").name("S").swap("X");
  negate(code).dup("Y").op("add").name("difference").push(P).swapTwo().dup("q");
  word(DIFFERENCE).op("mulmod").name("A").swap("q").push(P).swapTwo();
  word(SUM).dup("S").op("mulmod").name("B");
  // H = B + A, E = B - A
  code.dup("B", "A").op("add").name("H").swap("A");
  negate(code).op("add").name("E");
  // X = E * F, Y = G * H, Z = F * G, T = E * H
  product(code, "E", "F").replace("S", "X");
  product(code, "G", "H").replace("Y");
  code.swap("F").push(P).swapTwo().dup("G").op("mulmod").replace("G", "Z");
  code.swap("H").push(P).swap("E").op("mulmod").name("T");
}

/** Writes `multiple` times the point, given by the items Y + X, Y - X, 2 Z and 2 d T, and its negative, to the block at t. */
function storeMultiple(code: Assembler, multiple: number): void {
  const store = (place: number, part: number): Assembler =>
    code
      .dup("t")
      .push((8 + place) * MULTIPLE_SIZE + part)
      .op("add", "mstore");
  for (const sign of multiple < 8 ? [1, -1] : [-1]) {
    code.dup(sign === 1 ? "sum" : "difference");
    store(sign * multiple, SUM).dup(sign === 1 ? "difference" : "sum");
    store(sign * multiple, DIFFERENCE).dup("2Z");
    store(sign * multiple, DOUBLE_Z).dup("2dT");
    if (sign === -1) negate(code);
    store(sign * multiple, DOUBLE_DT);
  }
}

/** From X, Y, Z and T to the form in which multiples are kept; four more items. */
function multipleForm(code: Assembler): void {
  code.dup("X", "Y").op("add").name("sum");
  negate(code.dup("X")).dup("Y").op("add").name("difference");
  code.dup("Z", "Z").op("add").name("2Z");
  code.push(P).dup("T").push(DOUBLE_D).op("mulmod").name("2dT");
}

/** Fills the block at t from the point at c. */
function writeBlock(code: Assembler): void {
  code.dup("c").push(64).op("add", "calldataload").name("scalar");
  code
    .dup("scalar")
    .push(HALF - DIGIT_SHIFT)
    .op("shr")
    .dup("t")
    .push(SCALAR)
    .op("add", "mstore");
  code.push(DIGIT_SHIFT).op("shl").dup("t").push(LOWER_DIGITS).op("add", "mstore");
  // Zero times the point: (0 : 1 : 1 : 0), of which the last word is zero in fresh memory.
  for (const [part, value] of [
    [SUM, 1],
    [DIFFERENCE, 1],
    [DOUBLE_Z, 2],
  ] as const)
    code
      .push(value)
      .dup("t")
      .push(8 * MULTIPLE_SIZE + part)
      .op("add", "mstore");
  code.dup("c").op("calldataload").name("X").dup("c").push(32).op("add", "calldataload").name("Y").push(1).name("Z");
  product(code, "X", "Y").name("T");
  multipleForm(code);
  storeMultiple(code, 1);
  code.drop(4);
  doubleNegated(code, { needsT: true });
  for (const coordinate of ["X", "T"]) negate(code.dup(coordinate)).replace(coordinate);
  for (let multiple = 2; multiple <= 8; multiple++) {
    multipleForm(code);
    storeMultiple(code, multiple);
    code.drop(4);
    if (multiple < 8) add(code.dup("t"), 9 * MULTIPLE_SIZE, true);
  }
  code.drop(4);
}

/** Adds, for the block at t and `index` blocks on, the multiple that the digit at `shift` names. */
function addDigit(code: Assembler, index: number): void {
  code
    .push(SCALAR + index * BLOCK_SIZE)
    .dup("t")
    .op("add", "mload");
  code.dup("shift").op("shr").push(DIGIT_MASK).op("and").dup("t").op("add");
  add(code, index * BLOCK_SIZE);
}

const bodies = Array.from({ length: UNROLLED }, (_, index) => `body ${index}`);

/**
 * From the end of the blocks in question: the block to begin with, at or before zero, and the body to begin in, so that
 * the last body finds the last block.
 */
function enterUnrolled(code: Assembler): void {
  code
    .push(BLOCK_SIZE)
    .dup("end")
    .op("div")
    .push(UNROLLED - 1)
    .op("and")
    .name("rest");
  // UNROLLED - rest, or zero: the bodies that are left out the first time.
  code
    .dup("rest")
    .push(UNROLLED)
    .op("sub")
    .push(UNROLLED - 1)
    .op("and")
    .replace("rest", "left out");
  code.dup("left out").push(BLOCK_SIZE).op("mul").push(0).op("sub").replace("start");
  code.push(0);
  for (const [index, label] of bodies.entries())
    code.dup("left out").push(index).op("eq").pushLabel(label).op("mul", "add");
  code.replace("entry").op("pop");
}

export function edwardsSum(): Uint8Array {
  const code = new Assembler();
  // Where the blocks of points with 64 digits end, and where all end.
  code.push(0).op("calldataload").push(BLOCK_SIZE).op("mul").name("end");
  code.push(32).op("calldataload").push(BLOCK_SIZE).op("mul").dup("end").op("add").name("endOfAll");

  code.push(0).name("t").push(64).name("c");
  code.label("point");
  writeBlock(code);
  code.dup("t").push(BLOCK_SIZE).op("add").replace("t").dup("c").push(96).op("add").replace("c");
  code.dup("endOfAll", "t").op("lt").jumpIf("point");

  code.rename("c", "start").push(0).name("entry").push(1).name("again").push(HALF).name("shift");
  code.push(0).name("X").push(1).name("Y").push(1).name("Z").push(0).name("T");
  code.label("half");
  enterUnrolled(code);
  code.label("digit");
  code.push(4).dup("shift").op("sub").replace("shift").dup("start").replace("t");
  for (const bit of [3, 2, 1, 0]) doubleNegated(code, { needsT: bit === 0 });
  code.dup("entry").jumpTo(bodies);
  for (const [index, label] of bodies.entries()) {
    code.label(label);
    addDigit(code, index);
  }
  code
    .dup("t")
    .push(UNROLLED * BLOCK_SIZE)
    .op("add")
    .replace("t")
    .dup("end", "t")
    .op("sub")
    .jumpIf("body 0");
  code.dup("shift").jumpIf("digit");
  code.push(1).dup("again").op("sub").jumpIf("done");

  // The lower 32 digits, which all points have.
  code.push(0).replace("again").push(HALF).replace("shift").dup("endOfAll").replace("end").push(0).replace("t");
  code.label("move");
  code.dup("t").push(LOWER_DIGITS).op("add", "mload").dup("t").push(SCALAR).op("add", "mstore");
  code.dup("t").push(BLOCK_SIZE).op("add").replace("t").dup("end", "t").op("sub").jumpIf("move");
  code.push(1).jumpIf("half");

  code.label("done");
  code.op("pop").push(64).op("mstore").push(32).op("mstore").push(0).op("mstore").push(96).push(0).op("return");
  return code.assemble();
}
