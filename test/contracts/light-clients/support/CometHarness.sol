// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CommitVotes} from "../../../../contracts/evm/light-clients/comet/CommitVotes.sol";
import {HeaderHash} from "../../../../contracts/evm/light-clients/comet/HeaderHash.sol";
import {PackedHeader} from "../../../../contracts/evm/light-clients/comet/PackedHeader.sol";

/// @title What a packed header's hash is, and what its votes signed, behind external calls
contract CometHarness {
    function headerHash(bytes calldata message) external view returns (bytes32) {
        PackedHeader.Parts memory p = PackedHeader.locate(message, 0);
        return HeaderHash.compute(p, HeaderHash.leafOfChainId(string(p.chainId)));
    }

    function batch(bytes calldata message) external pure returns (bytes memory) {
        return CommitVotes.batch(PackedHeader.locate(message, 0));
    }
}
