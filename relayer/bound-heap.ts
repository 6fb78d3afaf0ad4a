// Keeps a busy relayer small. By itself JavaScript's engine lets the space for new objects grow to 64 MiB as soon as many are made, and
// the other one to twice of what is in use, and all of that stays resident.
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

const YOUNG = 8 * 2 ** 20;
const ROUNDS = 100;

const youngSpace = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space")?.space_size ?? YOUNG;

/** To be called before much is loaded: spaces hardly get smaller. How large they may be is fixed when a process starts, how they grow is not. */
export function boundHeap(): void {
  // It grows when enough of what is in it is still used.
  let used: object[][] = [];
  for (let round = 0; round < ROUNDS && youngSpace() < YOUNG; round += 1)
    used = [...used.slice(-10), Array.from({ length: 5_000 }, (_, index) => ({ index }))];
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=40");
}
