// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Identifiers} from "../../../../contracts/evm/store/Identifiers.sol";

/// @title Identifiers behind external calls
contract IdentifiersHarness {
    function isClientId(bytes memory id) external pure returns (bool) {
        return Identifiers.isClientId(id);
    }

    function isPort(bytes memory port) external pure returns (bool) {
        return Identifiers.isPort(port);
    }

    function isLabel(bytes memory label) external pure returns (bool) {
        return Identifiers.isLabel(label);
    }
}
