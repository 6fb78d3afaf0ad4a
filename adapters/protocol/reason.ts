// The one list of reasons for which evidence is refused, shared by TypeScript, Solidity and Rust.
// In Solidity and Rust a reason's name is its PascalCase form. Every reason has a negative vector.

export const reasons = {
  // Envelope: refuse and look for a bug or an attack; never retry the same bytes.
  MALFORMED: "the bytes do not decode, are not their own canonical encoding, or leave something over",
  WRONG_CHAIN: "the evidence is about another chain than the light client follows, or for another target",
  WRONG_CLIENT: "the evidence is for another light client",
  CLAIM_MISMATCH: "the claims are not the ones the packets call for",

  // Light client state: an operator has to act before anything can pass.
  CLIENT_FROZEN: "the light client is frozen after misbehaviour",
  CLIENT_EXPIRED: "the light client's newest trusted header is older than its trusting period",

  // Header: consensus evidence.
  SLOT_ORDER: "signature slot, attested slot and finalized slot are not in order",
  FUTURE_HEADER: "the header lies further in the future than the allowed clock drift",
  UNKNOWN_FORK: "no row of the fork table covers the header's epoch",
  UNKNOWN_PERIOD: "the signing committee's period is neither the trusted one nor the known next one",
  STALE_HEADER: "the header is older than everything the client still keeps; prove at a newer height",
  NON_MONOTONIC_TIME: "the header's timestamp does not grow with its height",
  INVALID_EXECUTION_HEADER: "the execution header is not a canonical RLP block header",
  INVALID_EXECUTION_BRANCH: "the execution block hash is not in the finalized header's body",
  INVALID_FINALITY_BRANCH: "the finalized header is not in the attested state",
  INVALID_NEXT_COMMITTEE: "the next committee is not in the attested state, or differs from the known one",
  INVALID_COMMITTEE: "the signing committee is not the trusted one",
  INVALID_PUBLIC_KEY: "a committee key is not a point on the curve",
  UNKNOWN_KEY_TYPE: "a validator's key is of a type that the light client cannot verify",
  HEIGHT_ORDER: "the header's height is not above that of the trusted header it builds on",
  TRUSTED_HEADER_EXPIRED: "the trusted header that the update builds on is older than the trusting period",
  UNTRUSTED_VALIDATORS: "the validators are not those whose hash the trusted header named",
  INVALID_VALIDATORS: "the validators are not those whose hash the header names",
  INVALID_HEADER_HASH: "the commit is for another block than the header's",
  INVALID_VOTE: "a vote is in another validator's place, or is counted twice",
  INSUFFICIENT_TRUST: "not more than the trust level of the trusted validators' power signed; go by a header between",
  INSUFFICIENT_PARTICIPATION:
    "too few signed: less than two thirds of the committee, or not more than two thirds of the validators' power",
  INVALID_SIGNATURE: "a signature does not verify",
  CONFLICTING_HEADER: "valid evidence contradicts a header the client trusts: misbehaviour",
  NO_CONFLICT: "the two headers offered as misbehaviour do not contradict each other",

  // State: membership and absence.
  UNKNOWN_HEIGHT: "the client does not trust a header at this height, or it differs from the one proven against",
  INVALID_ANCESTRY: "the older block is not proven to be among the last ancestors of a trusted one",
  INVALID_ACCOUNT_PROOF: "the account proof does not lead from the state root to the packet store's contract",
  INVALID_STORE_PROOF: "the proof does not lead from the app hash to the root of the packet store",
  INVALID_STORAGE_PROOF: "the storage proof is broken, incomplete, or has nodes left over",
  VALUE_ABSENT: "the path is proven empty where a value was claimed",
  VALUE_PRESENT: "the path holds a value where absence was claimed",
  VALUE_MISMATCH: "the path holds another value than the claimed one",
} as const;

export type Reason = keyof typeof reasons;
