// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// The reasons for which evidence is refused: adapters/protocol/reason.ts says when each is raised. The names are the same
// in every language; test/unit/reasons.test.ts compares the lists.

error Malformed();
error WrongChain();
error WrongClient();
error ClaimMismatch();
error ClientFrozen();
error ClientExpired();
error SlotOrder();
error FutureHeader();
error UnknownFork();
error UnknownPeriod();
error StaleHeader();
error NonMonotonicTime();
error InvalidExecutionHeader();
error InvalidExecutionBranch();
error InvalidFinalityBranch();
error InvalidNextCommittee();
error InvalidCommittee();
error InvalidPublicKey();
error UnknownKeyType();
error HeightOrder();
error TrustedHeaderExpired();
error UntrustedValidators();
error InvalidValidators();
error InvalidHeaderHash();
error InvalidVote();
error InsufficientTrust();
error InsufficientParticipation();
error InvalidSignature();
error ConflictingHeader();
error NoConflict();
error UnknownHeight();
error InvalidAncestry();
error InvalidAccountProof();
error InvalidStoreProof();
error InvalidStorageProof();
error ValueAbsent();
error ValuePresent();
error ValueMismatch();
