// Unsigned 64-bit integers as eight big-endian bytes, the form IBC paths and commitments use.

export function uint64BigEndian(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 64n) throw new RangeError(`uint64: expected 0 to 2^64-1, got ${value}`);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}
