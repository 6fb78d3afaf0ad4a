// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ed25519Verifier} from "../../../../contracts/evm/ed25519/Ed25519Verifier.sol";
import {Malformed} from "../../../../contracts/evm/errors/VerificationErrors.sol";
import {ILightClient} from "../../../../contracts/evm/interfaces/ILightClient.sol";
import {Shipped} from "../../support/Shipped.sol";
import {Vm, vm} from "../../support/Vm.sol";
import {EvidenceVectors} from "./EvidenceVectors.sol";

/// @title The vectors of test/vectors/comet, judged by the light client
abstract contract CometVectors is EvidenceVectors {
    Ed25519Verifier private _verifier = Shipped.ed25519Verifier();

    /// @dev A call of its own, so that what the constructor reverts with can be caught.
    function make(bytes memory trusted) external returns (ILightClient) {
        return Shipped.cometLightClient(trusted, _verifier);
    }

    /// @notice Of all vectors.
    function names() internal view returns (string[] memory all) {
        Vm.DirEntry[] memory entries = vm.readDir(_folder());
        all = new string[](entries.length);
        for (uint256 i = 0; i < entries.length; ++i) {
            bytes memory path = bytes(entries[i].path);
            uint256 start = path.length;
            while (start > 0 && path[start - 1] != "/") --start;
            bytes memory name = new bytes(path.length - start - 5);
            for (uint256 j = 0; j < name.length; ++j) name[j] = path[start + j];
            all[i] = string(name);
        }
    }

    function _folder() internal pure override returns (string memory) {
        return "test/vectors/comet/";
    }

    function _prefix() internal pure override returns (bytes[] memory prefix) {
        prefix = new bytes[](1);
        prefix[0] = "ibc";
    }

    function _refusesState(Vector memory v) internal override returns (bool) {
        try this.make(v.trusted) {
            return false;
        } catch (bytes memory reason) {
            // What does not decode at all is refused by the decoder, which gives no reason.
            if (reason.length > 0) equal(reason, abi.encodePacked(Malformed.selector), v.json);
            equal(vm.parseJsonString(v.json, ".expect.reason"), "MALFORMED", v.json);
            return true;
        }
    }

    function _lightClientOf(Vector memory v) internal override returns (ILightClient) {
        vm.warp(v.time);
        return this.make(v.trusted);
    }
}
