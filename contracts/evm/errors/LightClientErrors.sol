// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Why a light client refuses what an admin asks of it; what evidence is refused for is in VerificationErrors.sol.

/// @dev A generalized index of the row is none that a branch can have.
error ForkUnusable();

/// @dev A row begins after the last one and after the newest finalized header: later than epoch `newest`.
error ForkNotLater(uint64 epoch, uint64 newest);

error TooManyForks();
