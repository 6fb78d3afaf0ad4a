// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../../../../contracts/evm/apps/encoding/HexAddress.sol";
import {TransferDataCodec} from "../../../../contracts/evm/apps/transfer/TransferData.sol";

/// @title The encodings of applications behind external calls
contract EncodingHarness {
    function write(address value) external pure returns (string memory) {
        return HexAddress.write(value);
    }

    function parse(bytes calldata text) external pure returns (bool, address) {
        return HexAddress.tryParse(text);
    }

    function parseLower(bytes calldata text) external pure returns (bool, address) {
        return HexAddress.tryParseLower(text);
    }

    function decode(bytes calldata data) external pure returns (bytes memory, bytes memory, bytes memory, uint256) {
        return TransferDataCodec.decode(data);
    }
}
