// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a client message did to a light client that accepted it.
enum UpdateResult {
    /// A new consensus state, committee or both.
    Updated,
    /// Everything in the message was known already.
    NoOp,
    /// The message is valid and contradicts a trusted header: the client is now frozen.
    Misbehaviour
}

enum ClientStatus {
    Active,
    Frozen,
    Expired
}

/// @title A light client of one counterparty chain
/// @notice Refusals revert with an error of VerificationErrors.sol. Proving membership takes two steps, so that a batch of
/// packets pays for the shared part once: `openRoot` goes from a trusted height to the root of the counterparty's packet
/// store; `verifyMembership` and `verifyNonMembership` go from that root to one path.
interface ILightClient {
    /// @notice The client's state moved.
    event ClientUpdated(uint64 indexed height, uint64 timestamp, bytes32 stateRoot);
    event ClientFrozenByMisbehaviour(uint64 indexed height);

    /// @notice Verifies a client message and stores what it proves. Anyone may call: only the evidence counts.
    /// @param clientMessage This client type's packed form of the canonical evidence.
    function update(bytes calldata clientMessage) external returns (UpdateResult);

    /// @notice Freezes the client when the evidence proves two contradicting headers.
    function reportMisbehaviour(bytes calldata evidence) external;

    /// @notice Verifies the shared part of a batch's proofs.
    /// @dev Reverts unless the client is active.
    /// @param prefix The counterparty's Merkle prefix without its last element.
    /// @param rootProof This client type's packed form of the path from a trusted height to the packet store.
    /// @return root Commits to the packet store; opaque to the caller.
    /// @return timestamp Unix seconds of the trusted height.
    function openRoot(
        bytes[] calldata prefix,
        bytes calldata rootProof
    ) external view returns (bytes32 root, uint64 timestamp);

    /// @notice Verifies that `path` holds `value` under a root that `openRoot` returned in this transaction.
    function verifyMembership(bytes32 root, bytes calldata path, bytes32 value, bytes calldata proof) external view;

    /// @notice Verifies that `path` is empty under a root that `openRoot` returned in this transaction.
    function verifyNonMembership(bytes32 root, bytes calldata path, bytes calldata proof) external view;

    function status() external view returns (ClientStatus);

    /// @notice The canonical trusted state: the same bytes the off-chain verifier takes.
    function clientState() external view returns (bytes memory);

    /// @notice The name client ids begin with, e.g. "beacon".
    function clientType() external view returns (string memory);
}
