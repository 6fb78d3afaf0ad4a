// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Form, Ics23} from "../../../../contracts/evm/libraries/Ics23.sol";

/// @title Ics23 behind external calls, as its input must be calldata
contract Ics23Harness {
    /// @return ok Whether the proof has its form and nothing is left over.
    function existence(
        Form form,
        bytes calldata key,
        bytes calldata proof
    ) external view returns (bool ok, bytes32 root, bytes memory value) {
        uint256 start;
        assembly ("memory-safe") {
            start := proof.offset
        }
        uint256 size;
        uint256 next;
        (ok, root, start, size, next) = Ics23.existence(form, start, key);
        uint256 end;
        assembly ("memory-safe") {
            end := add(proof.offset, proof.length)
        }
        ok = ok && next == end;
        value = new bytes(size);
        assembly ("memory-safe") {
            calldatacopy(add(value, 0x20), start, size)
        }
    }

    function absence(
        Form form,
        bytes calldata key,
        bytes calldata proof
    ) external view returns (bool ok, bytes32 root) {
        uint256 start;
        uint256 end;
        assembly ("memory-safe") {
            start := proof.offset
            end := add(start, proof.length)
        }
        uint256 next;
        (ok, root, next) = Ics23.absence(form, start, key);
        ok = ok && next == end;
    }

    /// Two levels: a key of the store `ibc`, and the store under an app hash. Reverts unless both hold.
    function membership(bytes32 appHash, bytes calldata key, bytes32 value, bytes calldata proof) external view {
        uint256 position;
        uint256 end;
        assembly ("memory-safe") {
            position := proof.offset
            end := add(position, proof.length)
        }
        (bool ok, bytes32 root, uint256 held, uint256 size, uint256 next) = Ics23.existence(Form.Iavl, position, key);
        bytes32 word;
        assembly ("memory-safe") {
            word := calldataload(held)
        }
        require(ok && size == 32 && word == value, "key");
        (ok, word, next) = Ics23.storeExistence(root, next);
        require(ok && word == appHash && next == end, "store");
    }
}
