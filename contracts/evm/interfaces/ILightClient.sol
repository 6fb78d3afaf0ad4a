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

/// @notice What the counterparty's packet store has to hold, or must not.
struct Claim {
    bytes path;
    /// True: `path` holds `value`. False: `path` is empty, and `value` is zero.
    bool membership;
    bytes32 value;
}

/// @title A light client of one counterparty chain
/// @notice Refusals revert with an error of VerificationErrors.sol. All claims of a batch are proven in one call, at one trusted
/// height, so that each client type can share between them whatever its proofs have in common.
interface ILightClient {
    /// @notice The client's state moved.
    event ClientUpdated(uint64 indexed height, uint64 timestamp, bytes32 stateRoot);
    event ClientFrozenByMisbehaviour(uint64 indexed height);

    /// @notice Verifies a client message and stores what it proves. Anyone may call: only the evidence counts.
    /// @param clientMessage This client type's packed form of the canonical evidence.
    function update(bytes calldata clientMessage) external returns (UpdateResult);

    /// @notice Freezes the client when the evidence proves two contradicting headers.
    function reportMisbehaviour(bytes calldata evidence) external;

    /// @notice Verifies all claims at one trusted height, in order.
    /// @dev Reverts unless the client is active.
    /// @param prefix The counterparty's Merkle prefix without its last element, which the paths begin with.
    /// @param proof This client type's packed proof of the claims, all of which is used.
    /// @return timestamp Unix seconds of the trusted height; never zero.
    function verify(
        bytes[] calldata prefix,
        Claim[] calldata claims,
        bytes calldata proof
    ) external view returns (uint64 timestamp);

    function status() external view returns (ClientStatus);

    /// @notice The canonical trusted state: the same bytes the off-chain verifier takes.
    function clientState() external view returns (bytes memory);

    /// @notice The name client ids begin with, e.g. "beacon": six characters at least, as no host takes ids shorter than eight.
    function clientType() external view returns (string memory);
}
