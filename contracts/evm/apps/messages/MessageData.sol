// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CanonicalTuple} from "../encoding/CanonicalTuple.sol";

/// @notice ICS-27 GMP packet data, in the order of its ABI encoding.
/// @param salt Chooses among a sender's accounts on chains that give it several; unused here.
struct MessageData {
    string sender;
    string receiver;
    bytes salt;
    bytes payload;
    string memo;
}

/// @notice ICS-27 GMP acknowledgement.
struct MessageResult {
    bytes result;
}

/// @title Reads GMP data as ibc-go's `application/x-solidity-abi` encoding has it
library MessageDataCodec {
    /// @notice The members as slices of the packet. Reverts unless the bytes are canonical.
    function decode(
        bytes calldata data
    ) internal pure returns (bytes calldata sender, bytes calldata receiver, bytes calldata payload) {
        uint256 cursor = CanonicalTuple.open(data, 5);
        (sender, cursor) = CanonicalTuple.bytesMember(data, 0, cursor);
        (receiver, cursor) = CanonicalTuple.bytesMember(data, 1, cursor);
        (, cursor) = CanonicalTuple.bytesMember(data, 2, cursor);
        (payload, cursor) = CanonicalTuple.bytesMember(data, 3, cursor);
        (, cursor) = CanonicalTuple.bytesMember(data, 4, cursor);
        CanonicalTuple.close(data, cursor);
    }

    function decodeResult(bytes calldata acknowledgement) internal pure returns (bytes calldata result) {
        uint256 cursor = CanonicalTuple.open(acknowledgement, 1);
        (result, cursor) = CanonicalTuple.bytesMember(acknowledgement, 0, cursor);
        CanonicalTuple.close(acknowledgement, cursor);
    }
}
