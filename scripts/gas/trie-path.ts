// A path through an invented trie with the shape of a real mainnet storage proof: 532, 532, 532, 243, 35, 83 and 54 bytes.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { bytesToHex, toRlp } from "viem/utils";

const filler = (text: string): Uint8Array => keccak_256(utf8ToBytes(text));

/** Nodes from the root to a leaf that holds `value` under `key`, 32 bytes. */
export function sevenNodePath(key: Uint8Array, value: Uint8Array): { root: Uint8Array; nodes: Uint8Array[] } {
  const nibbles = [...key].flatMap((byte) => [byte >> 4, byte & 15]);
  const nodes: Uint8Array[] = [];
  const push = (items: readonly Uint8Array[]): Uint8Array => {
    const node = toRlp(
      [...items].map((item) => bytesToHex(item)),
      "bytes",
    );
    nodes.unshift(node);
    return keccak_256(node);
  };
  const branch = (depth: number, children: number, child: Uint8Array): Uint8Array => {
    const own = nibbles[depth] ?? 0;
    const items: Uint8Array[] = Array.from({ length: 17 }, () => new Uint8Array(0));
    items[own] = child;
    for (let step = 1; step < children; step++) items[(own + step) % 16] = filler(`${depth} ${step}`);
    return push(items);
  };
  // Four branches and one nibble of extension above the last branch, which uses the sixth nibble.
  const rest = nibbles.slice(6);
  const path = Uint8Array.from([
    0x20,
    ...rest.flatMap((nibble, index) => (index % 2 ? [] : [(nibble << 4) | (rest[index + 1] ?? 0)])),
  ]);
  const stored = value.slice(value.findIndex((byte) => byte !== 0));
  let root = push([path, toRlp(bytesToHex(stored), "bytes")]);
  root = branch(5, 2, root);
  root = push([Uint8Array.of(0x10 | (nibbles[4] ?? 0)), root]);
  root = branch(3, 7, root);
  for (const depth of [2, 1, 0]) root = branch(depth, 16, root);
  return { root, nodes };
}
