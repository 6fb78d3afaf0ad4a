// Remembers what a pure function of bytes answered or threw: most damage to evidence leaves its signature, and so its pairings, alone.

/** The answer is shared by all who ask: nobody may change it. */
export function remembered<Args extends readonly Uint8Array[], Answer>(
  compute: (...args: Args) => Answer,
): (...args: Args) => Answer {
  const known = new Map<string, { readonly answer: Answer } | { readonly error: unknown }>();
  return (...args) => {
    const key = args.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")).join();
    let found = known.get(key);
    if (found === undefined) {
      try {
        found = { answer: compute(...args) };
      } catch (error) {
        found = { error };
      }
      known.set(key, found);
    }
    if ("error" in found) throw found.error;
    return found.answer;
  };
}
