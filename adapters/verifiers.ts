// The pure verifier of each chain family, without what opens its chains: for those who judge evidence offline.
import { verifyComet } from "./cosmos/verify/verify.ts";
import { verifyBeacon } from "./evm/verify/verify.ts";
import type { Verify } from "./protocol/verdict.ts";

const verifiers: ReadonlyMap<string, Verify> = new Map([
  ["evm", verifyBeacon],
  ["cosmos", verifyComet],
]);

/** Undefined for a family that is not known. */
export const verifierOf = (family: string): Verify | undefined => verifiers.get(family);
