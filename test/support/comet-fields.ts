// The fields of an envelope about a CometBFT chain, for tests that damage them.
import type { Tree } from "./mutation.ts";

/** Every field of an envelope; lists are damaged as lists and in their elements. */
const ENVELOPE = ["version", "sourceChain", "targetChain", "clientId", "height"];
const UPDATE = [
  "signedHeader",
  "signedHeader.header",
  "signedHeader.header.version",
  "signedHeader.header.time",
  "signedHeader.header.lastBlockId",
  "signedHeader.header.validatorsHash",
  "signedHeader.header.nextValidatorsHash",
  "signedHeader.header.appHash",
  "signedHeader.commit",
  "signedHeader.commit.blockId",
  "signedHeader.commit.signatures",
  "signedHeader.commit.signatures.blockIdFlag",
  "signedHeader.commit.signatures.validatorAddress",
  "signedHeader.commit.signatures.timestamp",
  "signedHeader.commit.signatures.signature",
  "validatorSet",
  "validatorSet.validators",
  "validatorSet.validators.pubKey",
  "validatorSet.validators.votingPower",
  "validatorSet.proposer",
  "trustedHeight",
  "trustedValidators",
  "trustedValidators.validators",
  "trustedValidators.validators.address",
];
const ROOT = ["rootProof", "rootProof.exist", "rootProof.exist.leaf", "rootProof.exist.path"];
const CLAIM = ["membership", "path", "value", "proof"];

/** Of the evidence in an envelope: what a contract is called with is made of them. */
export function evidenceFieldsOf(tree: Tree): string[] {
  const { updates, claims } = tree as { updates: Tree[]; claims: Tree[] };
  return [
    ...(updates.length > 0 ? ["updates", ...UPDATE.map((field) => `updates.${field}`)] : []),
    ...(claims.length > 0 ? [...ROOT, "claims", ...CLAIM.map((field) => `claims.${field}`)] : []),
  ];
}

export const fieldsOf = (tree: Tree): string[] => [...ENVELOPE, ...evidenceFieldsOf(tree)];
