// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The revision that a chain id ends with (ibc-go 02-client, ParseChainID)
library Revision {
    /// @notice The number after the last dash, when one without a leading zero is there and below 2^64, and something that is no
    /// dash before; else 0.
    function read(string memory chainId) internal pure returns (uint64) {
        bytes memory id = bytes(chainId);
        uint256 value = 0;
        uint256 scale = 1;
        uint256 i = id.length;
        for (; i > 0 && id[i - 1] >= "0" && id[i - 1] <= "9"; --i) {
            // No id is so long that these overflow: at most 50 digits.
            value += (uint8(id[i - 1]) - 48) * scale;
            scale *= 10;
        }
        if (i == id.length || id[i] == "0" || i < 2 || id[i - 1] != "-" || id[i - 2] == "-") return 0;
        return value <= type(uint64).max ? uint64(value) : 0;
    }
}
