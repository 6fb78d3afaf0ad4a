// Turns what the database driver throws into the project's error.
import { CausewayError } from "#adapters/protocol/error.ts";

/** Runs a database action; anything but a CausewayError becomes STORE_UNAVAILABLE. */
export async function inStore<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof CausewayError) throw cause;
    throw new CausewayError("STORE_UNAVAILABLE", `the proof log could not ${what}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
