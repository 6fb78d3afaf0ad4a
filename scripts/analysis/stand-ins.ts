// What Halmos cannot execute, and what is checked in its place.
import type { Replacement } from "./source-tree.ts";

export const standIns: readonly Replacement[] = [
  // Its model of the sha256 precompile fails on unknown bytes; the check puts a hash of its own behind this address.
  {
    file: "contracts/evm/libraries/Ssz.sol",
    from: "staticcall(gas(), 2,",
    to: "staticcall(gas(), 0x100002,",
    all: true,
  },
];
