// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Malformed} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {Shipped} from "../support/Shipped.sol";
import {PatriciaHarness} from "./support/PatriciaHarness.sol";
import {ReferencePatricia} from "./support/ReferencePatricia.sol";
import {TriePath} from "./support/TriePath.sol";

/// The single-pass walk says what the plain one says, on invented paths and on broken ones.
contract MerklePatriciaTest {
    PatriciaHarness private immutable LIBRARY = PatriciaHarness(Shipped.create("PatriciaHarness.sol:PatriciaHarness"));
    ReferencePatricia private immutable REFERENCE = ReferencePatricia(
        Shipped.create("ReferencePatricia.sol:ReferencePatricia")
    );

    function testFuzz_FindsTheValue(bytes32 key, uint256 seed) public view {
        (bytes32 root, bytes memory proof, bytes memory value) = TriePath.invent(key, seed);
        (bool ok, bytes memory found) = LIBRARY.walk(root, key, proof);
        require(ok, "refused");
        require(keccak256(found) == keccak256(value), "another value");
        _requireAgreement(root, key, proof);
    }

    function testFuzz_AgreesOnAnotherKey(bytes32 key, uint256 seed, uint8 position) public view {
        (bytes32 root, bytes memory proof, ) = TriePath.invent(key, seed);
        bytes32 other = key ^ bytes32(uint256(1) << position);
        (bool ok, bytes memory found) = LIBRARY.walk(root, other, proof);
        require(!ok || found.length == 0, "a value under a key that has none");
        _requireAgreement(root, other, proof);
    }

    function testFuzz_AgreesOnChangedBytes(bytes32 key, uint256 seed, uint256 position, uint8 change) public view {
        (bytes32 root, bytes memory proof, ) = TriePath.invent(key, seed);
        proof[position % proof.length] ^= bytes1(change);
        _requireAgreement(root, key, proof);
    }

    /// The first node is changed and its hash taken as the root: now the node's form alone decides.
    function testFuzz_AgreesOnAForgedRoot(bytes32 key, uint256 seed, uint256 position, uint8 change) public view {
        (, bytes memory proof, ) = TriePath.invent(key, seed);
        uint256 size = (uint256(uint8(proof[0])) << 8) | uint8(proof[1]);
        proof[2 + (position % size)] ^= bytes1(change);
        bytes memory node = new bytes(size);
        for (uint256 i = 0; i < size; i++) node[i] = proof[2 + i];
        _requireAgreement(keccak256(node), key, proof);
    }

    function testFuzz_AgreesOnAnyBytes(bytes memory content, bytes32 key) public view {
        bytes memory node = abi.encodePacked(uint8(0xc0 + (content.length % 56)), content);
        _requireAgreement(keccak256(node), key, abi.encodePacked(uint16(node.length), node));
    }

    function testFuzz_RefusesNodesLeftOver(bytes32 key, uint256 seed) public view {
        (bytes32 root, bytes memory proof, ) = TriePath.invent(key, seed);
        (bool ok, ) = LIBRARY.walk(root, key, abi.encodePacked(proof, hex"0001c0"));
        require(!ok, "a node left over");
        (ok, ) = LIBRARY.walk(root, key, abi.encodePacked(proof, hex"0000"));
        require(!ok, "an empty node left over");
    }

    function testFuzz_RefusesAProofCutShort(bytes32 key, uint256 seed, uint256 position) public view {
        (bytes32 root, bytes memory proof, ) = TriePath.invent(key, seed);
        bytes memory cut = new bytes(position % proof.length);
        for (uint256 i = 0; i < cut.length; i++) cut[i] = proof[i];
        if (cut.length > 0) _requireAgreement(root, key, cut);
        try LIBRARY.walk(root, key, cut) returns (bool ok, bytes memory) {
            require(!ok, "cut, and believed");
        } catch (bytes memory reason) {
            require(bytes4(reason) == Malformed.selector, "another error");
        }
    }

    function test_AnEmptyProofIsAbsenceUnderTheEmptyRootOnly() public view {
        (bool ok, bytes memory value) = LIBRARY.walk(keccak256(hex"80"), bytes32(0), "");
        require(ok && value.length == 0, "the empty trie holds something");
        (ok, ) = LIBRARY.walk(bytes32(0), bytes32(0), "");
        require(!ok, "an empty proof under another root");
    }

    // --- nodes that several paths share

    function testFuzz_PathsShareNodes(bytes32 key, uint256 seed) public view {
        (bytes32 root, bytes memory proof, bytes memory value) = TriePath.invent(key, seed);
        (bool ok, bytes[] memory values) = _walkTwo(root, key, key, proof);
        require(ok, "refused");
        require(keccak256(values[0]) == keccak256(value) && keccak256(values[1]) == keccak256(value), "another value");
    }

    /// Absence under another key, where the first path's nodes prove it.
    function testFuzz_PathsShareNodesOfAnAbsence(bytes32 key, uint256 seed, uint8 position) public view {
        (bytes32 root, bytes memory proof, ) = TriePath.invent(key, seed);
        bytes32 other = key ^ bytes32(uint256(1) << position);
        (bool alone, bytes memory found) = LIBRARY.walk(root, other, proof);
        (bool ok, bytes[] memory values) = _walkTwo(root, key, other, proof);
        require(ok == alone && (!ok || keccak256(values[1]) == keccak256(found)), "sharing changes the verdict");
    }

    function _walkTwo(
        bytes32 root,
        bytes32 one,
        bytes32 two,
        bytes memory proof
    ) private view returns (bool ok, bytes[] memory values) {
        (bytes memory packed, bytes memory path) = _packed(proof);
        return LIBRARY.walkAll(root, _keys(one, two), packed, _paths(path, path));
    }

    function testFuzz_RefusesANodeThatNoPathUses(bytes32 key, uint256 seed) public view {
        (bytes32 root, bytes memory proof, ) = TriePath.invent(key, seed);
        (bytes memory packed, bytes memory path) = _packed(abi.encodePacked(proof, hex"0001c0"));
        assembly ("memory-safe") {
            mstore(path, sub(mload(path), 2))
        }
        (bool ok, ) = LIBRARY.walkAll(root, _keys(key, key), packed, _paths(path, path));
        require(!ok, "an unused node");
    }

    function testFuzz_RefusesPositionsBeyondTheNextUnused(bytes32 key, uint256 seed, uint16 beyond) public view {
        (bytes32 root, bytes memory proof, ) = TriePath.invent(key, seed);
        (bytes memory packed, bytes memory path) = _packed(proof);
        if (beyond == 0) beyond = type(uint16).max;
        _requireMalformed(root, key, packed, abi.encodePacked(beyond));
        _requireMalformed(root, key, packed, abi.encodePacked(path, uint16(path.length / 2), uint16(path.length / 2)));
        // More nodes announced than there are, or fewer bytes than they say.
        packed[0] = 0xff;
        _requireMalformed(root, key, packed, path);
        _requireMalformed(root, key, "", path);
        _requireMalformed(root, key, hex"00", path);
        _requireMalformed(root, key, hex"0001", path);
    }

    function _requireMalformed(bytes32 root, bytes32 key, bytes memory packed, bytes memory path) private view {
        try LIBRARY.walkAll(root, _keys(key, key), packed, _paths(path, path)) returns (bool ok, bytes[] memory) {
            // A walk that ends before the bad position has refused it as left over.
            require(!ok, "accepted");
        } catch (bytes memory reason) {
            require(bytes4(reason) == Malformed.selector, "another error");
        }
    }

    function _packed(bytes memory proof) private pure returns (bytes memory packed, bytes memory path) {
        uint16 count = 0;
        for (uint256 cursor = 0; cursor < proof.length; ++count) {
            path = abi.encodePacked(path, count);
            cursor += 2 + ((uint256(uint8(proof[cursor])) << 8) | uint8(proof[cursor + 1]));
        }
        packed = abi.encodePacked(count, proof);
    }

    function _keys(bytes32 one, bytes32 two) private pure returns (bytes32[] memory keys) {
        keys = new bytes32[](2);
        (keys[0], keys[1]) = (one, two);
    }

    function _paths(bytes memory one, bytes memory two) private pure returns (bytes[] memory paths) {
        paths = new bytes[](2);
        (paths[0], paths[1]) = (one, two);
    }

    /// @dev Nodes that do not fit their bytes are malformed whatever else is wrong with them.
    function _requireAgreement(bytes32 root, bytes32 key, bytes memory proof) private view {
        try LIBRARY.walk(root, key, proof) returns (bool ok, bytes memory value) {
            require(_fits(proof), "a bad length was accepted");
            (bool expected, bytes memory expectedValue) = REFERENCE.walk(root, key, proof);
            require(ok == expected, "verdicts differ");
            require(!ok || keccak256(value) == keccak256(expectedValue), "values differ");
        } catch (bytes memory reason) {
            require(bytes4(reason) == Malformed.selector, "another error");
            require(!_fits(proof), "good lengths were refused");
        }
    }

    function _fits(bytes memory proof) private pure returns (bool) {
        uint256 cursor = 0;
        while (cursor + 1 < proof.length)
            cursor += 2 + ((uint256(uint8(proof[cursor])) << 8) | uint8(proof[cursor + 1]));
        return cursor == proof.length;
    }
}
