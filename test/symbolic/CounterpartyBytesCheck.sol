// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CounterpartyBytes} from "../../contracts/evm/store/CounterpartyBytes.sol";

/// @title A counterparty reads back as it was registered
contract CounterpartyBytesCheck {
    /// One, two and three elements of the prefix, empty ones too.
    /// @custom:halmos --array-lengths clientId={8,31,64},element={0,3,33}
    function check_roundTrip(string calldata clientId, bytes calldata element) external view {
        for (uint256 count = 1; count <= 3; count++) {
            bytes[] memory prefix = new bytes[](count);
            for (uint256 i = 0; i < count; i++) prefix[i] = i % 2 == 0 ? element : bytes(clientId);
            bytes memory packed = this.encode(clientId, prefix);
            (string memory id, bytes[] memory storePrefix, bytes memory pathPrefix) = CounterpartyBytes.decode(packed);
            assert(_same(bytes(id), bytes(clientId)));
            assert(_same(bytes(CounterpartyBytes.clientIdOf(packed)), bytes(clientId)));
            assert(storePrefix.length == count - 1);
            for (uint256 i = 0; i + 1 < count; i++) assert(_same(storePrefix[i], prefix[i]));
            assert(_same(pathPrefix, prefix[count - 1]));
        }
    }

    function encode(string calldata clientId, bytes[] calldata prefix) external pure returns (bytes memory) {
        return CounterpartyBytes.encode(clientId, prefix);
    }

    function _same(bytes memory a, bytes memory b) private pure returns (bool) {
        return a.length == b.length && keccak256(a) == keccak256(b);
    }
}
