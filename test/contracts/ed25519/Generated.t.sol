// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EdwardsSumCode} from "../../../contracts/evm/ed25519/EdwardsSumCode.sol";
import {Sha512PairCode} from "../../../contracts/evm/ed25519/Sha512PairCode.sol";
import {Expect} from "../support/Expect.sol";
import {vm} from "../support/Vm.sol";
import {EdwardsPoint, ReferenceEd25519} from "./support/ReferenceEd25519.sol";
import {ReferenceSha512} from "./support/ReferenceSha512.sol";

/// @title The generated code computes what the plain code computes
contract GeneratedTest is Expect {
    address private constant SHA512_PAIR = address(0x5a512);
    address private constant EDWARDS_SUM = address(0xed5);
    uint256 private constant EIGHTS = 0x8888888888888888888888888888888888888888888888888888888888888888;
    uint256 private constant P = ReferenceEd25519.P;

    function setUp() public {
        vm.etch(SHA512_PAIR, Sha512PairCode.CODE);
        vm.etch(EDWARDS_SUM, EdwardsSumCode.CODE);
    }

    // --- SHA-512

    function _hashPair(bytes memory first, bytes memory second) private view returns (bytes memory digests) {
        bytes memory one = ReferenceSha512.pad(first);
        bytes memory two = ReferenceSha512.pad(second);
        bytes memory input = abi.encodePacked(one.length / 128, two.length / 128, one, two);
        (, digests) = SHA512_PAIR.staticcall(input);
    }

    function _agreeOnDigests(bytes memory first, bytes memory second) private view {
        bytes memory expected = abi.encodePacked(ReferenceSha512.hash(first), ReferenceSha512.hash(second));
        equal(_hashPair(first, second), expected, "digests");
    }

    function testFuzz_DigestsOfTwoMessages(bytes memory first, bytes memory second) public view {
        _agreeOnDigests(first, second);
    }

    /// Around every place where padding needs another block, both messages of one length and of different ones.
    function test_DigestsAtTheEdgesOfBlocks() public view {
        uint256[8] memory sizes = [uint256(0), 111, 112, 127, 128, 239, 240, 300];
        for (uint256 i = 0; i < 8; i++) {
            bytes memory message = new bytes(sizes[i]);
            for (uint256 j = 0; j < message.length; j++) message[j] = bytes1(uint8(7 * j + i + 1));
            _agreeOnDigests(message, message);
            _agreeOnDigests(message, new bytes(sizes[(i + 3) % 8]));
        }
    }

    function test_ADigestThatEverybodyKnows() public view {
        bytes memory abc =
            hex"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            hex"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
        equal(_hashPair("abc", "abc"), abi.encodePacked(abc, abc), "SHA-512 of abc");
    }

    function test_AMessageOfNoBlocksChangesNothing() public view {
        bytes memory padded = ReferenceSha512.pad("alone");
        (, bytes memory digests) = SHA512_PAIR.staticcall(abi.encodePacked(uint256(1), uint256(0), padded));
        bytes memory expected = ReferenceSha512.hash("alone");
        for (uint256 i = 0; i < 64; i++) equal(uint8(digests[i]), uint8(expected[i]), "digest");
    }

    // --- sums

    /// @param long How many of the points have scalars of 64 digits.
    function _agreeOnSum(EdwardsPoint[] memory points, uint256[] memory words, uint256 long) private view {
        bytes memory input = abi.encodePacked(long, points.length - long);
        EdwardsPoint memory expected = EdwardsPoint(0, 1, 1);
        for (uint256 i = 0; i < points.length; i++) {
            input = abi.encodePacked(input, points[i].x, points[i].y, words[i]);
            uint256 eights = i < long ? EIGHTS : EIGHTS >> 128;
            EdwardsPoint memory multiple =
                words[i] >= eights
                    ? ReferenceEd25519.times(words[i] - eights, points[i])
                    : ReferenceEd25519.negate(ReferenceEd25519.times(eights - words[i], points[i]));
            expected = ReferenceEd25519.add(expected, multiple);
        }
        (bool ok, bytes memory returned) = EDWARDS_SUM.staticcall(input);
        isTrue(ok, "failed");
        (uint256 x, uint256 y, uint256 z) = abi.decode(returned, (uint256, uint256, uint256));
        isTrue(z != 0 && z < P, "no point");
        equal(mulmod(x, expected.z, P), mulmod(expected.x, z, P), "x");
        equal(mulmod(y, expected.z, P), mulmod(expected.y, z, P), "y");
    }

    function _point(uint256 seed) private view returns (EdwardsPoint memory point) {
        bytes32 encoded = ReferenceEd25519.encode(ReferenceEd25519.times(seed % 2 ** 64, ReferenceEd25519.base()));
        (, point) = ReferenceEd25519.decode(encoded);
    }

    /// Every number of points up to 17, so that every way into the unrolled loop is taken in both phases.
    function test_SumsOfSeveralPoints() public view {
        for (uint256 count = 1; count <= 17; count++) {
            EdwardsPoint[] memory points = new EdwardsPoint[](count);
            uint256[] memory words = new uint256[](count);
            uint256 long = 1 + (uint256(keccak256(abi.encode(count))) % count);
            for (uint256 i = 0; i < count; i++) {
                uint256 seed = uint256(keccak256(abi.encode(count, i)));
                points[i] = _point(seed);
                words[i] = i < long ? seed : seed >> 128;
            }
            _agreeOnSum(points, words, long);
        }
    }

    /// The same point twice, a point and its negative, the neutral element, and points of order 2, 4 and 8.
    function test_SumsWithoutExceptions() public view {
        EdwardsPoint[] memory points = new EdwardsPoint[](7);
        (points[0], points[1]) = (_point(5), _point(5));
        points[2] = ReferenceEd25519.negate(points[0]);
        points[3] = EdwardsPoint(0, 1, 1);
        points[4] = EdwardsPoint(0, P - 1, 1);
        points[5] = EdwardsPoint(ReferenceEd25519.power(2, (P - 1) / 4), 0, 1);
        bool ok;
        (ok, points[6]) = ReferenceEd25519.decode(0xc7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a);
        isTrue(ok && ReferenceEd25519.isNeutral(ReferenceEd25519.times(8, points[6])), "a point of order 8");
        uint256[] memory words = new uint256[](7);
        uint256[5] memory scalars = [
            uint256(0),
            1,
            7,
            8,
            0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ec
        ];
        for (uint256 i = 0; i < 5; i++) {
            for (uint256 j = 0; j < 7; j++) words[j] = EIGHTS + scalars[i];
            _agreeOnSum(points, words, 7);
            for (uint256 j = 3; j < 7; j++) words[j] = (EIGHTS >> 128) + (scalars[i] >> 128);
            _agreeOnSum(points, words, 3);
        }
    }

    function testFuzz_SumOfOnePoint(uint256 seed, uint256 word) public view {
        EdwardsPoint[] memory points = new EdwardsPoint[](1);
        points[0] = _point(seed);
        uint256[] memory words = new uint256[](1);
        words[0] = word;
        _agreeOnSum(points, words, 1);
    }
}
