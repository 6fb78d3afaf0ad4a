// Decoding as a verifier needs it: the value, or nothing, and only from the value's one canonical encoding.
import type { SszType } from "#adapters/protocol/ssz.ts";
import { equalBytes } from "./bytes.ts";

export function decodeExactly<T>(type: SszType<T>, bytes: Uint8Array): T | undefined {
  try {
    const value = type.decode(bytes);
    return equalBytes(type.encode(value), bytes) ? value : undefined;
  } catch {
    return undefined;
  }
}
