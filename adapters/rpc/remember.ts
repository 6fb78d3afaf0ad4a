// Answers that stay true under their key, kept for the next who asks.

/** The answer under the key, or else what `read` gives. Those who ask at the same time share one reading; failures are not kept. */
export type Remembered<T> = (key: string, read: () => Promise<T>) => Promise<T>;

/** Keeps the newest `most`. */
export function remember<T>(most: number): Remembered<T> {
  const known = new Map<string, Promise<T>>();
  return (key, read) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const reading = read();
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    for (const oldest of known.keys()) if (known.size > most) known.delete(oldest);
    return reading;
  };
}
