// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClientFrozen, ValueAbsent, ValueMismatch, ValuePresent} from "../evm/errors/VerificationErrors.sol";
import {Claim, ClientStatus, ILightClient, UpdateResult} from "../evm/interfaces/ILightClient.sol";
import {IPacketRouter} from "../evm/interfaces/IPacketRouter.sol";
import {testVm} from "./TestVm.sol";

/// @title FOR TESTS ONLY: a light client of a router in the same EVM, which proves nothing and looks instead
/// @notice It cannot be deployed on a chain: only where cheat codes are.
contract TestOnlyLightClient is ILightClient {
    error OnlyInTests();

    IPacketRouter private immutable _counterparty;
    ClientStatus public status;
    mapping(bytes32 hashedPath => bytes32) private _remembered;

    constructor(IPacketRouter counterparty) {
        if (address(testVm).code.length == 0) revert OnlyInTests();
        _counterparty = counterparty;
    }

    /// @notice What the counterparty holds there now counts from here on: as on a chain, where proofs of earlier blocks count.
    function remember(bytes32 hashedPath) external {
        _remembered[hashedPath] = _counterparty.getCommitment(hashedPath);
    }

    function update(bytes calldata) external pure returns (UpdateResult) {
        return UpdateResult.NoOp;
    }

    function reportMisbehaviour(bytes calldata) external {
        status = ClientStatus.Frozen;
    }

    /// @param prefix Not used, nor is the proof: there is nothing between the two stores.
    function verify(
        bytes[] calldata prefix,
        Claim[] calldata claims,
        bytes calldata
    ) external view returns (uint64 timestamp) {
        if (status == ClientStatus.Frozen || prefix.length != 0) revert ClientFrozen();
        for (uint256 i = 0; i < claims.length; ++i) {
            bytes32 hashedPath = keccak256(claims[i].path);
            bytes32 held = _counterparty.getCommitment(hashedPath);
            if (claims[i].membership && held == 0) held = _remembered[hashedPath];
            if (claims[i].membership && held == 0) revert ValueAbsent();
            if (claims[i].membership && held != claims[i].value) revert ValueMismatch();
            if (!claims[i].membership && held != 0) revert ValuePresent();
        }
        return uint64(block.timestamp);
    }

    function clientState() external view returns (bytes memory) {
        return abi.encode(_counterparty);
    }

    function clientType() external pure returns (string memory) {
        return "testonly";
    }
}
