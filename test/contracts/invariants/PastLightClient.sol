// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    ClientFrozen,
    Malformed,
    UnknownHeight,
    ValueAbsent,
    ValueMismatch,
    ValuePresent
} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {Claim, ClientStatus, ILightClient, UpdateResult} from "../../../contracts/evm/interfaces/ILightClient.sol";
import {PastStore} from "./PastStore.sol";

/// @title A light client that proves what a chain's packet store held after any of its blocks
/// @notice A proof is the time of the block to look at: there is nothing about it to forge, and much about it to choose.
contract PastLightClient is ILightClient {
    PastStore private immutable _store;
    ClientStatus public status;

    constructor(PastStore store) {
        _store = store;
    }

    function clientType() external pure returns (string memory) {
        return "simple";
    }

    /// @dev "misbehaviour" freezes for ever.
    function update(bytes calldata clientMessage) external returns (UpdateResult) {
        if (status == ClientStatus.Frozen) revert ClientFrozen();
        if (keccak256(clientMessage) != keccak256("misbehaviour")) return UpdateResult.NoOp;
        status = ClientStatus.Frozen;
        return UpdateResult.Misbehaviour;
    }

    function reportMisbehaviour(bytes calldata) external {
        status = ClientStatus.Frozen;
    }

    /// @param proof Time of the block to prove at, in eight bytes.
    function verify(
        bytes[] calldata,
        Claim[] calldata claims,
        bytes calldata proof
    ) external view returns (uint64 timestamp) {
        if (status == ClientStatus.Frozen) revert ClientFrozen();
        if (proof.length != 8) revert Malformed();
        timestamp = uint64(bytes8(proof));
        if (timestamp > _store.latest()) revert UnknownHeight();
        for (uint256 i = 0; i < claims.length; ++i) {
            bytes32 held = _store.valueAt(keccak256(claims[i].path), timestamp);
            if (claims[i].membership && held == 0) revert ValueAbsent();
            if (claims[i].membership && held != claims[i].value) revert ValueMismatch();
            if (!claims[i].membership && held != 0) revert ValuePresent();
        }
    }

    function clientState() external view returns (bytes memory) {
        return abi.encode(_store, status);
    }
}
