// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ReferenceSha512} from "./ReferenceSha512.sol";

/// A point as (X : Y : Z), with x = X/Z and y = Y/Z.
struct EdwardsPoint {
    uint256 x;
    uint256 y;
    uint256 z;
}

/// @title One ed25519 signature at a time, by the rules of ZIP-215, as plainly as it can be written
library ReferenceEd25519 {
    uint256 internal constant P = 2 ** 255 - 19;
    uint256 internal constant L = 2 ** 252 + 27742317777372353535851937790883648493;

    /// 8 (s B - R - h A) = 0
    function verify(bytes32 key, bytes32 r, bytes32 s, bytes memory message) internal view returns (bool) {
        (bool okKey, EdwardsPoint memory a) = decode(key);
        (bool okR, EdwardsPoint memory nonce) = decode(r);
        if (!okKey || !okR || littleEndian(s) >= L) return false;
        EdwardsPoint memory sum = times(littleEndian(s), base());
        sum = add(sum, negate(nonce));
        sum = add(sum, negate(times(challenge(key, r, message), a)));
        return isNeutral(times(8, sum));
    }

    /// RFC 8032, 5.1.6, with the secret scalars given.
    function sign(
        uint256 secret,
        uint256 nonce,
        bytes memory message
    ) internal view returns (bytes32 key, bytes32 r, bytes32 s) {
        key = encode(times(secret % L, base()));
        r = encode(times(nonce % L, base()));
        s = littleEndianBytes(addmod(nonce, mulmod(challenge(key, r, message), secret, L), L));
    }

    function challenge(bytes32 key, bytes32 r, bytes memory message) internal pure returns (uint256) {
        bytes memory digest = ReferenceSha512.hash(abi.encodePacked(r, key, message));
        uint256 h = 0;
        for (uint256 i = 64; i > 0; i--) h = addmod(mulmod(h, 256, L), uint8(digest[i - 1]), L);
        return h;
    }

    function base() internal view returns (EdwardsPoint memory point) {
        // y = 4/5, x even.
        (, point) = decode(littleEndianBytes(mulmod(4, inverse(5), P)));
    }

    /// d = -121665/121666
    function d() internal view returns (uint256) {
        return mulmod(P - 121665, inverse(121666), P);
    }

    /// RFC 8032, 5.1.3, but for the two things that ZIP-215 allows: y may be p or more, and x = 0 may have a sign.
    function decode(bytes32 encoded) internal view returns (bool ok, EdwardsPoint memory point) {
        uint256 y = littleEndian(encoded);
        uint256 sign_ = y >> 255;
        y = (y & (2 ** 255 - 1)) % P;
        uint256 yy = mulmod(y, y, P);
        // x^2 = (y^2 - 1) / (d y^2 + 1)
        uint256 xx = mulmod(addmod(yy, P - 1, P), inverse(addmod(mulmod(d(), yy, P), 1, P)), P);
        uint256 x = power(xx, (P + 3) / 8);
        if (mulmod(x, x, P) != xx) x = mulmod(x, power(2, (P - 1) / 4), P);
        ok = mulmod(x, x, P) == xx;
        if (x % 2 != sign_) x = (P - x) % P;
        point = EdwardsPoint(x, y, 1);
    }

    function encode(EdwardsPoint memory point) internal view returns (bytes32) {
        uint256 toAffine = inverse(point.z);
        uint256 x = mulmod(point.x, toAffine, P);
        return littleEndianBytes(mulmod(point.y, toAffine, P) | ((x % 2) << 255));
    }

    function times(uint256 k, EdwardsPoint memory point) internal pure returns (EdwardsPoint memory sum) {
        sum = EdwardsPoint(0, 1, 1);
        for (; k > 0; k >>= 1) {
            if (k & 1 == 1) sum = add(sum, point);
            point = add(point, point);
        }
    }

    /// The law of addition itself: x = (x1 y2 + y1 x2) / (1 + d x1 x2 y1 y2), y = (y1 y2 + x1 x2) / (1 - d x1 x2 y1 y2).
    function add(EdwardsPoint memory p, EdwardsPoint memory q) internal pure returns (EdwardsPoint memory) {
        uint256 xx = mulmod(p.x, q.x, P);
        uint256 yy = mulmod(p.y, q.y, P);
        uint256 zz = mulmod(p.z, q.z, P);
        uint256 cross = addmod(mulmod(p.x, q.y, P), mulmod(p.y, q.x, P), P);
        uint256 dxy = mulmod(0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3, mulmod(xx, yy, P), P);
        uint256 z2 = mulmod(zz, zz, P);
        uint256 plus = addmod(z2, dxy, P);
        uint256 minus = addmod(z2, P - dxy, P);
        return
            EdwardsPoint(
                mulmod(zz, mulmod(cross, minus, P), P),
                mulmod(zz, mulmod(addmod(yy, xx, P), plus, P), P),
                mulmod(plus, minus, P)
            );
    }

    function negate(EdwardsPoint memory p) internal pure returns (EdwardsPoint memory) {
        return EdwardsPoint((P - p.x) % P, p.y, p.z);
    }

    function isNeutral(EdwardsPoint memory p) internal pure returns (bool) {
        return p.x == 0 && p.y == p.z;
    }

    function inverse(uint256 a) internal view returns (uint256) {
        return power(a, P - 2);
    }

    function power(uint256 a, uint256 exponent) internal view returns (uint256) {
        (bool ok, bytes memory result) = address(5).staticcall(abi.encode(32, 32, 32, a, exponent, P));
        require(ok, "modexp");
        return abi.decode(result, (uint256));
    }

    function littleEndian(bytes32 data) internal pure returns (uint256 value) {
        for (uint256 i = 0; i < 32; i++) value |= uint256(uint8(data[i])) << (8 * i);
    }

    function littleEndianBytes(uint256 value) internal pure returns (bytes32) {
        return bytes32(littleEndian(bytes32(value)));
    }
}
