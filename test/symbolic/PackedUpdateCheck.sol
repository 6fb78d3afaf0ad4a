// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PackedUpdate} from "../../contracts/evm/light-clients/PackedUpdate.sol";

/// @title Who did not sign
contract PackedUpdateCheck {
    /// Members whose bit is not set, each once and in order, for every choice among 8 and whatever follows the bits.
    /// @custom:halmos --default-bytes-lengths 32 --solver-timeout-branching 2s
    function check_absentMembers(bytes calldata bits) external pure {
        uint256 position;
        assembly {
            position := bits.offset
        }
        uint256[] memory gindices = PackedUpdate.absentMembers(position, 8);
        uint256 next = 0;
        for (uint256 member = 0; member < 8; member++) {
            if ((uint8(bits[0]) >> (7 - member)) & 1 == 1) continue;
            assert(next < gindices.length && gindices[next] == 8 + member);
            next++;
        }
        assert(next == gindices.length);
    }
}
