// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ILightClient} from "../../../../contracts/evm/interfaces/ILightClient.sol";
import {BeaconLightClient} from "../../../../contracts/evm/light-clients/BeaconLightClient.sol";
import {Shipped} from "../../support/Shipped.sol";
import {vm} from "../../support/Vm.sol";
import {EvidenceVectors} from "./EvidenceVectors.sol";

/// @title The vectors of test/vectors/beacon, judged by the light client
abstract contract BeaconVectors is EvidenceVectors {
    function clientOf(Vector memory v) internal returns (BeaconLightClient) {
        vm.warp(v.time);
        return Shipped.beaconLightClient(v.trusted, address(this));
    }

    function _folder() internal pure override returns (string memory) {
        return "test/vectors/beacon/";
    }

    function _prefix() internal pure override returns (bytes[] memory) {
        return new bytes[](0);
    }

    function _lightClientOf(Vector memory v) internal override returns (ILightClient) {
        return clientOf(v);
    }
}
