// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TestLink} from "../../../contracts/evm-testing/TestLink.sol";
import {vm} from "./Vm.sol";

/// @dev An artifact of the link, below this folder.
contract LinkArtifact is TestLink {}

/// @dev `new TestLink()`, from its artifact: the compiler would go through all of the core once more for every test contract.
function newLink() returns (TestLink link) {
    bytes memory code = vm.getCode("test/contracts/support/Link.sol:LinkArtifact");
    assembly ("memory-safe") {
        link := create(0, add(code, 0x20), mload(code))
    }
    require(address(link) != address(0), "no link");
}
