// Writes EVM code by opcode while keeping track of what lies where on the stack: items have names, and a name finds its DUP or SWAP.

const opcodes = {
  add: [0x01, 2, 1],
  mul: [0x02, 2, 1],
  sub: [0x03, 2, 1],
  div: [0x04, 2, 1],
  addmod: [0x08, 3, 1],
  mulmod: [0x09, 3, 1],
  lt: [0x10, 2, 1],
  eq: [0x14, 2, 1],
  and: [0x16, 2, 1],
  or: [0x17, 2, 1],
  xor: [0x18, 2, 1],
  shl: [0x1b, 2, 1],
  shr: [0x1c, 2, 1],
  calldataload: [0x35, 1, 1],
  pop: [0x50, 1, 0],
  mload: [0x51, 1, 1],
  mstore: [0x52, 2, 0],
  return: [0xf3, 2, 0],
} as const;

type Opcode = keyof typeof opcodes;

const JUMP = 0x56;
const JUMPI = 0x57;
const JUMPDEST = 0x5b;
const PUSH0 = 0x5f;
const PUSH2 = 0x61;
const DUP1 = 0x80;
const SWAP1 = 0x90;

/** Values are pushed by number; everything else is taken from the stack, the first operand from its top, as in the Yellow Paper. */
export class Assembler {
  readonly #code: number[] = [];
  readonly #stack: string[] = [];
  readonly #labels = new Map<string, { readonly position: number; readonly stack: string }>();
  /** Where a label's place is to be written. */
  readonly #fixes: { readonly position: number; readonly label: string }[] = [];
  readonly #jumps: { readonly label: string; readonly stack: string }[] = [];

  /** Pushes a number. */
  push(value: bigint | number): this {
    const digits = BigInt(value).toString(16);
    const bytes = BigInt(value) === 0n ? [] : digits.padStart(digits.length + (digits.length % 2), "0").match(/../g);
    const values = (bytes ?? []).map((byte) => Number.parseInt(byte, 16));
    this.#code.push(PUSH0 + values.length, ...values);
    this.#stack.push("");
    return this;
  }

  /** Copies named items to the top, one after the other. */
  dup(...names: readonly string[]): this {
    for (const name of names) {
      this.#code.push(DUP1 + this.#depth(name, 15));
      this.#stack.push("");
    }
    return this;
  }

  /** Exchanges the top with a named item. */
  swap(name: string): this {
    const depth = this.#depth(name, 16);
    if (depth === 0) return this;
    this.#code.push(SWAP1 + depth - 1);
    const top = this.#stack.length - 1;
    const moved = this.#stack[top] ?? "";
    this.#stack[top] = name;
    this.#stack[top - depth] = moved;
    return this;
  }

  /** Exchanges the top with what lies under it. */
  swapTwo(): this {
    this.#code.push(SWAP1);
    this.#stack.push(...this.#stack.splice(-2).reverse());
    return this;
  }

  /** Names the top. */
  name(name: string): this {
    if (name !== "" && this.#stack.slice(0, -1).includes(name)) throw new Error(`${name} is on the stack already`);
    this.#stack[this.#stack.length - 1] = name;
    return this;
  }

  /** Gives a named item another name. */
  rename(old: string, name: string): this {
    this.#stack[this.#stack.length - 1 - this.#depth(old, 1024)] = name;
    return this;
  }

  /** Puts the top in the place of a named item, under that item's name or another. */
  replace(old: string, name = old): this {
    const depth = this.#depth(old, 16);
    this.#code.push(SWAP1 + depth - 1);
    this.op("pop");
    this.#stack[this.#stack.length - depth] = name;
    return this;
  }

  op(...names: readonly Opcode[]): this {
    for (const name of names) {
      const [code, inputs, outputs] = opcodes[name];
      if (inputs > this.#stack.length) throw new Error(`${name} finds too few items`);
      this.#code.push(code);
      this.#stack.length -= inputs;
      if (outputs === 1) this.#stack.push("");
    }
    return this;
  }

  /** Drops as many items from the top. */
  drop(count: number): this {
    for (let dropped = 0; dropped < count; dropped++) this.op("pop");
    return this;
  }

  /** A place to jump to. Every jump must find the same items there. */
  label(label: string): this {
    this.#labels.set(label, { position: this.#code.length, stack: this.#stack.join() });
    this.#code.push(JUMPDEST);
    return this;
  }

  /** Jumps when the top is not zero. */
  jumpIf(label: string): this {
    this.pushLabel(label).#stack.length -= 2;
    this.#jumps.push({ label, stack: this.#stack.join() });
    this.#code.push(JUMPI);
    return this;
  }

  /** Pushes the place of a label, for `jumpTo`. */
  pushLabel(label: string): this {
    this.#fixes.push({ position: this.#code.length + 1, label });
    this.#code.push(PUSH2, 0, 0);
    this.#stack.push("");
    return this;
  }

  /** Jumps to the place on top, which is that of one of the labels: all of them find the same items. */
  jumpTo(labels: readonly string[]): this {
    this.#stack.pop();
    for (const label of labels) this.#jumps.push({ label, stack: this.#stack.join() });
    this.#code.push(JUMP);
    return this;
  }

  assemble(): Uint8Array {
    const code = Uint8Array.from(this.#code);
    for (const { label, stack } of this.#jumps) {
      const found = this.#labels.get(label)?.stack;
      if (found !== stack) throw new Error(`${label} is reached with [${stack}], not [${found}]`);
    }
    for (const { position, label } of this.#fixes) {
      const target = this.#labels.get(label)?.position ?? 0;
      code.set([target >> 8, target & 0xff], position);
    }
    return code;
  }

  /** Items above a named one. */
  #depth(name: string, deepest: number): number {
    const depth = this.#stack.length - 1 - this.#stack.lastIndexOf(name);
    if (!this.#stack.includes(name)) throw new Error(`there is no ${name} in [${this.#stack.join()}]`);
    if (depth > deepest) throw new Error(`${name} lies too deep in [${this.#stack.join()}]`);
    return depth;
  }
}
