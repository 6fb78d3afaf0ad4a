// How many batches of a lane may wait for their blocks at a time: as many as one block took, and one more. Those of another lane that pays
// with the same account come after them, and are not to wait for many blocks.

export interface Waiting {
  /** It is signed: from now on a block may take it. */
  sent(): void;
  /** `height`: of the block that took it; absent when none did. */
  over(height: bigint | undefined): void;
}

export interface Window {
  /** At least one may. */
  size(): number;
  enter(): Waiting;
}

interface Place {
  isSent: boolean;
  /** Of a block that took another one while this was sent. */
  passedBy: bigint | undefined;
}

/** One that was left out by so many blocks had no room in the first of them; it may have been signed too late for that one alone. */
const LATE = 2n;

export function openWindow(most: number): Window {
  const least = Math.min(2, most);
  let size = least;
  const places = new Set<Place>();
  return {
    size: () => size,
    enter() {
      const own: Place = { isSent: false, passedBy: undefined };
      places.add(own);
      return {
        sent: () => void (own.isSent = true),
        over(height) {
          places.delete(own);
          if (height === undefined) return;
          for (const other of places) if (other.isSent) other.passedBy ??= height;
          if (own.passedBy === height) size = Math.min(most, size + 1);
          else if (own.passedBy !== undefined && height - own.passedBy >= LATE) size = Math.max(least, size - 1);
        },
      };
    },
  };
}
