// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ExecutionHeader} from "../../../../contracts/evm/libraries/ExecutionHeader.sol";

/// @title ExecutionHeader behind an external call, as it reads calldata
contract ExecutionHeaderHarness {
    function parse(bytes calldata header) external pure returns (bool ok, ExecutionHeader.Block memory parsed) {
        uint256 start;
        assembly ("memory-safe") {
            start := header.offset
        }
        return ExecutionHeader.parse(start, header.length);
    }
}
