// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CanonicalTuple} from "../encoding/CanonicalTuple.sol";

/// @notice ICS-20 v2 packet data, in the order of its ABI encoding.
struct TransferData {
    string denom;
    string sender;
    string receiver;
    uint256 amount;
    string memo;
}

/// @title Reads and writes transfer data as ibc-go's `application/x-solidity-abi` encoding has it
library TransferDataCodec {
    /// @notice The members as slices of the packet. Reverts unless the bytes are canonical.
    function decode(
        bytes calldata data
    ) internal pure returns (bytes calldata denom, bytes calldata sender, bytes calldata receiver, uint256 amount) {
        uint256 cursor = CanonicalTuple.open(data, 5);
        (denom, cursor) = CanonicalTuple.bytesMember(data, 0, cursor);
        (sender, cursor) = CanonicalTuple.bytesMember(data, 1, cursor);
        (receiver, cursor) = CanonicalTuple.bytesMember(data, 2, cursor);
        amount = CanonicalTuple.uintMember(data, 3);
        (, cursor) = CanonicalTuple.bytesMember(data, 4, cursor);
        CanonicalTuple.close(data, cursor);
    }
}
