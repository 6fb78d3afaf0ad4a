// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {StorageProof} from "../../contracts/evm/libraries/StorageProof.sol";

/// @title What the leaves of Ethereum's tries hold
contract StorageProofCheck {
    /// A word is accepted exactly when its bytes are the one RLP encoding of a number from 1 on.
    /// @custom:halmos --default-bytes-lengths 34
    function check_word(bytes calldata item) external pure {
        for (uint256 size = 0; size <= 34; size++) {
            (bool ok, bytes32 value) = StorageProof.word(_at(item), size);
            uint256 prefix = uint8(item[0]);
            uint256 first = uint8(item[1]);
            if (size == 1) {
                assert(ok == _all(prefix > 0, prefix < 0x80, true));
                if (ok) assert(uint256(value) == prefix);
            } else if (size > 1 && size < 34) {
                assert(ok == _all(prefix == 0x7f + size, first > 0, size > 2 || first > 0x7f));
                if (ok) assert(uint256(value) == uint256(bytes32(item[1:33])) >> (8 * (33 - size)));
            } else {
                assert(!ok);
            }
        }
    }

    /// An account with a nonce of up to 8 bytes and a balance of up to 12, whatever those are.
    function check_storageRoot(bytes8 nonce, bytes12 balance, bytes32 root, bytes32 codeHash) external view {
        for (uint256 n = 0; n <= 8; n++) {
            for (uint256 b = 0; b <= 12; b++) {
                bytes memory items = bytes.concat(
                    abi.encodePacked(uint8(0x80 + n), _head(nonce, n)),
                    abi.encodePacked(uint8(0x80 + b), _head(balance, b)),
                    abi.encodePacked(uint8(0xa0), root, uint8(0xa0), codeHash)
                );
                (bool ok, bytes32 read) = this.storageRoot(abi.encodePacked(uint8(0xf8), uint8(items.length), items));
                assert(ok == _all(n != 1 || uint8(nonce[0]) > 0x7f, b != 1 || uint8(balance[0]) > 0x7f, true));
                if (ok) assert(read == root);
            }
        }
    }

    /// The third item has 32 bytes, the list has the size it says, and nothing follows it.
    function check_storageRootShape(bytes32 root, bytes32 codeHash, uint8 listSize) external view {
        for (uint256 rootSize = 0x80; rootSize < 0xb8; rootSize++) {
            bytes memory items = abi.encodePacked(hex"0180", uint8(rootSize), root, uint8(0xa0), codeHash);
            for (uint256 extra = 0; extra < 2; extra++) {
                bytes memory leaf = abi.encodePacked(uint8(0xf8), listSize, items, new bytes(extra));
                (bool ok, ) = this.storageRoot(leaf);
                assert(ok == _all(rootSize == 0xa0, listSize == items.length, extra == 0));
            }
        }
    }

    function storageRoot(bytes calldata account) external pure returns (bool, bytes32) {
        return StorageProof.storageRoot(_at(account), account.length);
    }

    function _head(bytes32 value, uint256 size) private pure returns (bytes memory head) {
        head = new bytes(size);
        for (uint256 i = 0; i < size; i++) head[i] = value[i];
    }

    /// `&&` would be a branch for each of them.
    function _all(bool a, bool b, bool c) private pure returns (bool every) {
        assembly {
            every := and(a, and(b, c))
        }
    }

    function _at(bytes calldata data) private pure returns (uint256 position) {
        assembly {
            position := data.offset
        }
    }
}
