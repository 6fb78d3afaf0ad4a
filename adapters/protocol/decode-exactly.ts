// Decoding as a verifier needs it: the value, or nothing, and only from the value's one canonical encoding.
import { equalBytes } from "./bytes.ts";

interface Codec<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

export function decodeExactly<T>(codec: Codec<T>, bytes: Uint8Array): T | undefined {
  try {
    const value = codec.decode(bytes);
    return equalBytes(codec.encode(value), bytes) ? value : undefined;
  } catch {
    return undefined;
  }
}
