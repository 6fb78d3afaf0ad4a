// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    ClientExpired,
    ClientFrozen,
    InvalidStorageProof,
    UnknownHeight,
    ValueAbsent,
    ValueMismatch,
    ValuePresent
} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {Claim, ClientStatus, ILightClient, UpdateResult} from "../../../contracts/evm/interfaces/ILightClient.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";

/// @title A light client of a router in the same EVM: what it calls a proof is looking
/// @notice A proof has to be the word "proof", which a timestamp in eight bytes may follow to say when it looked.
contract TestLightClient is ILightClient {
    bytes internal constant PROOF = "proof";

    IPacketRouter public counterparty;
    ClientStatus public status;
    string public clientType = "simple";
    uint256 public updates;

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

    function verify(
        bytes[] calldata prefix,
        Claim[] calldata claims,
        bytes calldata proof
    ) external view returns (uint64 timestamp) {
        if (status == ClientStatus.Frozen) revert ClientFrozen();
        if (status == ClientStatus.Expired) revert ClientExpired();
        if (prefix.length != 0) revert UnknownHeight();
        bool isTimed = proof.length == PROOF.length + 8;
        if (!isTimed && proof.length != PROOF.length) revert InvalidStorageProof();
        if (keccak256(proof[:PROOF.length]) != keccak256(PROOF)) revert InvalidStorageProof();
        timestamp = isTimed ? uint64(bytes8(proof[PROOF.length:])) : uint64(block.timestamp);
        for (uint256 i = 0; i < claims.length; ++i) {
            bytes32 held = counterparty.getCommitment(keccak256(claims[i].path));
            if (claims[i].membership && held == 0) revert ValueAbsent();
            if (claims[i].membership && held != claims[i].value) revert ValueMismatch();
            if (!claims[i].membership && held != 0) revert ValuePresent();
        }
    }

    function clientState() external view returns (bytes memory) {
        return abi.encode(counterparty, status);
    }
}
