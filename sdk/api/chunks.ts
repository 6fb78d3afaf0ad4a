// The body of a response as it arrives. Not every browser iterates over streams by itself.

export async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops reading early lets go of the connection.
    await reader.cancel().catch(() => undefined);
  }
}
