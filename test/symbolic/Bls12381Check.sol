// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Bls12381} from "../../contracts/evm/libraries/Bls12381.sol";
import {vm} from "../contracts/support/Vm.sol";

/// @notice In place of the addition in G1: the exclusive or of the two points, so that what went in can be read off.
contract Xor {
    fallback(bytes calldata input) external returns (bytes memory sum) {
        sum = new bytes(0x80);
        for (uint256 i = 0; i < 0x80; i += 0x20) {
            bytes32 word = bytes32(input[i:i + 0x20]) ^ bytes32(input[i + 0x80:i + 0xa0]);
            assembly ("memory-safe") {
                mstore(add(add(sum, 0x20), i), word)
            }
        }
    }
}

/// @title Flags, signs and negation of public keys, for all bytes of a key and of its y
contract Bls12381Check {
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    struct Point {
        uint256 xHigh;
        uint256 xLow;
        uint256 yHigh;
        uint256 yLow;
    }

    constructor() {
        vm.etch(address(0x0b), type(Xor).runtimeCode);
    }

    /// A key is taken as it is when its flags say compressed, finite, and the sign that its y has.
    /// @custom:halmos --default-bytes-lengths 96
    function check_aggregate(bytes calldata key) external view {
        (bool ok, uint256 sum) = Bls12381.subtract(_at(key), 0, 0);
        assert(ok == _isGood(key));
        if (ok) assert(_same(_point(sum), _read(key)));
    }

    /// An absentee's key is negated: its x stays, its y and the new one make p.
    /// @custom:halmos --default-bytes-lengths 192
    function check_absentee(bytes calldata keys) external view {
        (bool ok, uint256 sum) = Bls12381.subtract(_at(keys), _at(keys) + 96, 1);
        Point memory aggregate = _read(keys[:96]);
        Point memory absentee = _read(keys[96:]);
        Point memory added = _point(sum);
        if (ok) {
            assert(_isGood(keys[:96]) && _isGood(keys[96:]));
            assert(added.xHigh ^ aggregate.xHigh == absentee.xHigh && added.xLow ^ aggregate.xLow == absentee.xLow);
            unchecked {
                uint256 low = (added.yLow ^ aggregate.yLow) + absentee.yLow;
                uint256 carry = low < absentee.yLow ? 1 : 0;
                assert(low == P_LOW);
                assert((added.yHigh ^ aggregate.yHigh) + absentee.yHigh + carry == P_HIGH);
            }
        } else {
            bool isInfinity = added.xHigh | added.xLow | added.yHigh | added.yLow == 0;
            assert(!_isGood(keys[:96]) || !_isGood(keys[96:]) || isInfinity);
        }
    }

    /// The three top bits: compressed, not infinity, and whether y is more than half of p. There is no point with y = 0.
    function _isGood(bytes calldata key) private pure returns (bool good) {
        Point memory point = _read(key);
        uint256 twiceHigh = (point.yHigh << 1) | (point.yLow >> 255);
        uint256 twiceLow = point.yLow << 1;
        uint256 flags = uint8(key[0]) >> 5;
        assembly {
            let large := or(gt(twiceHigh, P_HIGH), and(eq(twiceHigh, P_HIGH), gt(twiceLow, P_LOW)))
            good := and(eq(flags, add(4, large)), gt(or(twiceHigh, twiceLow), 0))
        }
    }

    function _read(bytes calldata key) private pure returns (Point memory point) {
        point.xHigh = uint128(bytes16(key[:16])) % (1 << 125);
        point.xLow = uint256(bytes32(key[16:48]));
        point.yHigh = uint128(bytes16(key[48:64]));
        point.yLow = uint256(bytes32(key[64:96]));
    }

    function _point(uint256 position) private pure returns (Point memory point) {
        assembly {
            point := position
        }
    }

    function _same(Point memory a, Point memory b) private pure returns (bool) {
        return (a.xHigh ^ b.xHigh) | (a.xLow ^ b.xLow) | (a.yHigh ^ b.yHigh) | (a.yLow ^ b.yLow) == 0;
    }

    function _at(bytes calldata data) private pure returns (uint256 position) {
        assembly {
            position := data.offset
        }
    }
}
