// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    ClientExpired,
    ClientFrozen,
    InvalidStorageProof,
    UnknownHeight,
    ValueMismatch,
    ValuePresent
} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {ClientStatus, ILightClient, UpdateResult} from "../../../contracts/evm/interfaces/ILightClient.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";

/// @title A light client of a router in the same EVM: what it calls a proof is looking
/// @notice The root is bound to the timestamp it was opened with; a proof has to be the word "proof".
contract TestLightClient is ILightClient {
    bytes internal constant PROOF = "proof";

    IPacketRouter public counterparty;
    ClientStatus public status;
    string public clientType = "simple";
    uint256 public updates;
    bool public zeroRoot;

    constructor(IPacketRouter counterparty_) {
        counterparty = counterparty_;
    }

    function setCounterparty(IPacketRouter counterparty_) external {
        counterparty = counterparty_;
    }

    function setStatus(ClientStatus status_) external {
        status = status_;
    }

    function setClientType(string calldata clientType_) external {
        clientType = clientType_;
    }

    function setZeroRoot(bool zeroRoot_) external {
        zeroRoot = zeroRoot_;
    }

    /// @dev "misbehaviour" freezes, anything else counts as an update.
    function update(bytes calldata clientMessage) external returns (UpdateResult) {
        if (status == ClientStatus.Frozen) revert ClientFrozen();
        if (keccak256(clientMessage) == keccak256("misbehaviour")) {
            status = ClientStatus.Frozen;
            return UpdateResult.Misbehaviour;
        }
        ++updates;
        return UpdateResult.Updated;
    }

    function reportMisbehaviour(bytes calldata) external {
        status = ClientStatus.Frozen;
    }

    /// @param rootProof The timestamp to prove at; empty for now.
    function openRoot(
        bytes[] calldata prefix,
        bytes calldata rootProof
    ) external view returns (bytes32 root, uint64 timestamp) {
        if (status == ClientStatus.Frozen) revert ClientFrozen();
        if (status == ClientStatus.Expired) revert ClientExpired();
        if (prefix.length != 0) revert UnknownHeight();
        timestamp = rootProof.length == 0 ? uint64(block.timestamp) : abi.decode(rootProof, (uint64));
        root = zeroRoot ? bytes32(0) : _root();
    }

    function verifyMembership(bytes32 root, bytes calldata path, bytes32 value, bytes calldata proof) external view {
        if (_lookUp(root, path, proof) != value) revert ValueMismatch();
    }

    function verifyNonMembership(bytes32 root, bytes calldata path, bytes calldata proof) external view {
        if (_lookUp(root, path, proof) != 0) revert ValuePresent();
    }

    function clientState() external view returns (bytes memory) {
        return abi.encode(counterparty, status);
    }

    function _lookUp(bytes32 root, bytes calldata path, bytes calldata proof) private view returns (bytes32) {
        if (root != _root()) revert UnknownHeight();
        if (keccak256(proof) != keccak256(PROOF)) revert InvalidStorageProof();
        return counterparty.getCommitment(keccak256(path));
    }

    function _root() private view returns (bytes32) {
        return keccak256(abi.encode("root", counterparty));
    }
}
