// How the stores of a chain of the Cosmos SDK prove what they hold, as a light client of it is told: ICS-23's iavl form below its tendermint form.
import { ProofSpec } from "cosmjs-types/cosmos/ics23/v1/proofs";
import { equalBytes } from "#adapters/protocol/bytes.ts";

const SHA256 = 1;
const leafSpec = { hash: SHA256, prehashKey: 0, prehashValue: SHA256, length: 1, prefix: Uint8Array.of(0) };
const spec = (inner: { childSize: number; minPrefixLength: number; maxPrefixLength: number }): ProofSpec =>
  ProofSpec.fromPartial({ leafSpec, innerSpec: { ...inner, childOrder: [0, 1], hash: SHA256 } });

/** Innermost first, as proofs are. */
export const proofSpecs: readonly ProofSpec[] = [
  spec({ childSize: 33, minPrefixLength: 4, maxPrefixLength: 12 }),
  spec({ childSize: 32, minPrefixLength: 1, maxPrefixLength: 1 }),
];

/** Whether a light client judges state proofs by the rules that our verifier has. */
export const areOurProofSpecs = (specs: readonly ProofSpec[]): boolean =>
  specs.length === proofSpecs.length &&
  specs.every((given, index) => {
    const ours = proofSpecs[index];
    return ours !== undefined && equalBytes(ProofSpec.encode(given).finish(), ProofSpec.encode(ours).finish());
  });
