// Bounds the space in which JavaScript makes new objects. By itself it grows to 64 MiB as soon as a relayer is busy, and all of that
// stays resident; with 8 MiB a backlog of any size takes half of the memory, and no more of the processor.
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

const MOST = 8 * 2 ** 20;
const ROUNDS = 100;

const size = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_size ?? MOST;

/** To be called before much is loaded: the space does not get smaller. How large it may be is fixed when a process starts, how it grows is not. */
export function boundYoungSpace(): void {
  // It grows when enough of what is in it is still used.
  let used: object[][] = [];
  for (let round = 0; round < ROUNDS && size() < MOST; round += 1)
    used = [...used.slice(-10), Array.from({ length: 5_000 }, (_, index) => ({ index }))];
  setFlagsFromString("--semi-space-growth-factor=1");
}
