// The pure verifier of each chain family, without what opens its chains: for those who judge evidence offline.
import { verifyBeacon } from "./evm/verify/verify.ts";
import type { Verify } from "./protocol/verdict.ts";

const verifiers: ReadonlyMap<string, Verify> = new Map([["evm", verifyBeacon]]);

/** Undefined for a family that is not known. */
export const verifierOf = (family: string): Verify | undefined => verifiers.get(family);
