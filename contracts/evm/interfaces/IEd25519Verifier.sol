// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Verifies ed25519 signatures, all of a batch or none
interface IEd25519Verifier {
    /// @notice Whether every signature of the batch is valid by the rules of ZIP-215: points may have any order and their y need
    /// not be canonical, s must be, and the verification equation is multiplied by 8.
    /// @dev Never reverts for what the batch holds: what does not decode, or is empty, is not valid.
    /// @param batch The number of signatures in 2 bytes, then for each one
    ///
    ///     public key 32 | R 32 | s 32 | x of the public key 32 | x of R 32 | length of the message 2 | message
    ///
    /// with public key, R and s as in RFC 8032, and x big-endian, below p: hints that spare a square root. They are checked, so a
    /// verifier that does not need them may ignore them.
    function verify(bytes calldata batch) external view returns (bool valid);
}
