// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ed25519Verifier} from "../../../contracts/evm/ed25519/Ed25519Verifier.sol";
import {Expect} from "../support/Expect.sol";
import {Shipped} from "../support/Shipped.sol";
import {EdwardsPoint, ReferenceEd25519} from "./support/ReferenceEd25519.sol";

struct Signed {
    bytes32 key;
    bytes32 r;
    bytes32 s;
    bytes message;
}

/// @title A batch is valid when each of its signatures is, one by one, for the plain implementation
contract Ed25519VerifierTest is Expect {
    Ed25519Verifier private immutable VERIFIER = Shipped.ed25519Verifier();
    uint256 private constant P = ReferenceEd25519.P;
    uint256 private constant L = ReferenceEd25519.L;
    Signed[3] private _valid;

    function setUp() public {
        for (uint256 i = 0; i < 3; i++) _valid[i] = _sign(i, new bytes(90 * i));
    }

    function _sign(uint256 seed, bytes memory message) private view returns (Signed memory) {
        (uint256 secret, uint256 nonce) = (
            uint256(keccak256(abi.encode(seed, 1))),
            uint256(keccak256(abi.encode(seed, 2)))
        );
        (bytes32 key, bytes32 r, bytes32 s) = ReferenceEd25519.sign(secret, nonce, message);
        return Signed(key, r, s, message);
    }

    function _one(Signed memory signed) private view returns (bytes memory) {
        (, EdwardsPoint memory key) = ReferenceEd25519.decode(signed.key);
        (, EdwardsPoint memory r) = ReferenceEd25519.decode(signed.r);
        return
            abi.encodePacked(signed.key, signed.r, signed.s, key.x, r.x, uint16(signed.message.length), signed.message);
    }

    function _agree(Signed[3] memory batch) private view returns (bool valid) {
        valid = true;
        bytes memory packed = hex"0003";
        for (uint256 i = 0; i < 3; i++) {
            valid = valid && ReferenceEd25519.verify(batch[i].key, batch[i].r, batch[i].s, batch[i].message);
            packed = abi.encodePacked(packed, _one(batch[i]));
        }
        isTrue(VERIFIER.verify(packed) == valid, "another verdict than the plain one");
    }

    function test_ValidBatch() public view {
        isTrue(_agree(_valid), "refused");
    }

    /// The keys and signature of RFC 8032, 7.1, test 2.
    function test_ASignatureThatEverybodyKnows() public view {
        bytes32 key = 0x3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c;
        bytes32 r = 0x92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da;
        bytes32 s = 0x085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00;
        isTrue(ReferenceEd25519.verify(key, r, s, hex"72"), "plain");
        isTrue(VERIFIER.verify(abi.encodePacked(hex"0001", _one(Signed(key, r, s, hex"72")))), "batch");
    }

    function testFuzz_OneBitOfOneSignature(uint8 which, uint16 bit, uint8 part) public view {
        Signed[3] memory batch = _valid;
        Signed memory changed = batch[which % 3];
        bytes32 flipped = bytes32(uint256(1) << (bit % 256));
        if (part % 4 == 0) changed.key ^= flipped;
        else if (part % 4 == 1) changed.r ^= flipped;
        else if (part % 4 == 2) changed.s ^= flipped;
        else if (changed.message.length == 0) changed.message = hex"00";
        else changed.message[bit % changed.message.length] ^= bytes1(uint8(1) << uint8(bit % 8));
        // The sign of x = 0 is the one bit that means nothing, and no key here has x = 0.
        isTrue(!_agree(batch), "believed");
    }

    function testFuzz_MessagesOfAnyLength(bytes memory message, uint256 seed) public view {
        isTrue(VERIFIER.verify(abi.encodePacked(hex"0001", _one(_sign(seed, message)))), "refused");
    }

    /// Each is off by a point of order 2: the equation holds when it is multiplied by 8, and only then.
    function test_SmallOrderPartsAreAccepted() public view {
        bytes32 minusOne = ReferenceEd25519.littleEndianBytes(P - 1);
        Signed[3] memory batch = _valid;
        // A key of order 2 signs anything with R = s B.
        (, bytes32 r, ) = ReferenceEd25519.sign(1, 77, "");
        batch[1] = Signed(minusOne, r, ReferenceEd25519.littleEndianBytes(77), "anything");
        isTrue(_agree(batch), "key of order 2");
        // Its encoding with a sign, and with y = 2 p - 1 where that fits, mean the same point.
        batch[1].key = minusOne | bytes32(uint256(0x80));
        isTrue(_agree(batch), "x = 0 with a sign");
        // R may be of small order, too: s = 0 and a key of small order.
        batch[2] = Signed(minusOne, minusOne, 0, "anything");
        isTrue(_agree(batch), "R of order 2");
        // The neutral element, written as y = p + 1.
        batch[0] = Signed(ReferenceEd25519.littleEndianBytes(P + 1), minusOne, 0, "");
        isTrue(_agree(batch), "y above p");
    }

    function test_SNotBelowTheOrderIsRefused() public view {
        Signed[3] memory batch = _valid;
        uint256 s = ReferenceEd25519.littleEndian(batch[2].s);
        batch[2].s = ReferenceEd25519.littleEndianBytes(s + L);
        isTrue(!_agree(batch), "s + L");
        batch[2] = Signed(ReferenceEd25519.littleEndianBytes(1), ReferenceEd25519.littleEndianBytes(1), 0, "");
        isTrue(_agree(batch), "s = 0");
        batch[2].s = ReferenceEd25519.littleEndianBytes(L);
        isTrue(!_agree(batch), "s = L");
    }

    /// Two wrongs that would make a right without coefficients: the same error added to one s and taken from another.
    function test_ErrorsDoNotCancelOut() public view {
        Signed[3] memory batch = _valid;
        batch[0].s = ReferenceEd25519.littleEndianBytes((ReferenceEd25519.littleEndian(batch[0].s) + 5) % L);
        batch[1].s = ReferenceEd25519.littleEndianBytes(addmod(ReferenceEd25519.littleEndian(batch[1].s), L - 5, L));
        isTrue(!_agree(batch), "believed");
    }

    // --- hints and form

    function testFuzz_AFalseHintIsRefused(uint256 hint, bool ofKey) public view {
        bytes memory packed = abi.encodePacked(hex"0001", _one(_valid[1]));
        uint256 place = ofKey ? 98 : 130;
        uint256 x;
        assembly ("memory-safe") {
            x := mload(add(add(packed, 0x20), place))
            mstore(add(add(packed, 0x20), place), hint)
        }
        isTrue(hint == x || !VERIFIER.verify(packed), "any hint");
        uint256[4] memory near = [P - x, x + P, x ^ 1, 0];
        for (uint256 i = 0; i < 4; i++) {
            uint256 other = near[i];
            assembly ("memory-safe") {
                mstore(add(add(packed, 0x20), place), other)
            }
            isTrue(!VERIFIER.verify(packed), "near hint");
        }
    }

    function test_ABatchIsReadToItsEnd() public view {
        bytes memory one = _one(_valid[1]);
        isTrue(VERIFIER.verify(abi.encodePacked(hex"0001", one)), "as it is");
        isTrue(!VERIFIER.verify(abi.encodePacked(hex"0001", one, hex"00")), "a byte over");
        isTrue(!VERIFIER.verify(abi.encodePacked(hex"0001", one, one)), "one over");
        isTrue(!VERIFIER.verify(abi.encodePacked(hex"0002", one)), "one missing");
        isTrue(VERIFIER.verify(abi.encodePacked(hex"0002", one, one)), "the same one twice");
        isTrue(!VERIFIER.verify(abi.encodePacked(hex"0000", one)), "none counted");
        isTrue(!VERIFIER.verify(hex"0000") && !VERIFIER.verify(hex"00") && !VERIFIER.verify(""), "none");
    }

    function testFuzz_ABatchCutShortIsRefused(uint256 size) public view {
        bytes memory packed = abi.encodePacked(hex"0001", _one(_valid[1]));
        size %= packed.length;
        assembly ("memory-safe") {
            mstore(packed, size)
        }
        isTrue(!VERIFIER.verify(packed), "believed");
    }

    function testFuzz_AnyBytesGiveAVerdict(bytes memory packed) public view {
        isTrue(!VERIFIER.verify(packed), "believed");
        if (packed.length > 1) (packed[0], packed[1]) = (0, 0x01);
        isTrue(!VERIFIER.verify(packed), "believed");
    }
}
