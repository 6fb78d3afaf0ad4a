// What Halmos cannot execute, and what is checked in its place.
import type { Replacement } from "./source-tree.ts";

/** Its model of the sha256 precompile fails on unknown bytes; the checks put a hash of their own behind this address. */
const hash = { from: "staticcall(gas(), 2,", to: "staticcall(gas(), 0x100002,", all: true };

export const standIns: readonly Replacement[] = [
  { ...hash, file: "contracts/evm/libraries/Ssz.sol" },
  { ...hash, file: "contracts/evm/store/PacketCommitments.sol" },
];
