// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title SHA-512, as FIPS 180-4 writes it
library ReferenceSha512 {
    /// Section 4.2.3.
    bytes private constant K =
        hex"428a2f98d728ae227137449123ef65cdb5c0fbcfec4d3b2fe9b5dba58189dbbc3956c25bf348b53859f111f1b605d019"
        hex"923f82a4af194f9bab1c5ed5da6d8118d807aa98a303024212835b0145706fbe243185be4ee4b28c550c7dc3d5ffb4e2"
        hex"72be5d74f27b896f80deb1fe3b1696b19bdc06a725c71235c19bf174cf692694e49b69c19ef14ad2efbe4786384f25e3"
        hex"0fc19dc68b8cd5b5240ca1cc77ac9c652de92c6f592b02754a7484aa6ea6e4835cb0a9dcbd41fbd476f988da831153b5"
        hex"983e5152ee66dfaba831c66d2db43210b00327c898fb213fbf597fc7beef0ee4c6e00bf33da88fc2d5a79147930aa725"
        hex"06ca6351e003826f142929670a0e6e7027b70a8546d22ffc2e1b21385c26c9264d2c6dfc5ac42aed53380d139d95b3df"
        hex"650a73548baf63de766a0abb3c77b2a881c2c92e47edaee692722c851482353ba2bfe8a14cf10364a81a664bbc423001"
        hex"c24b8b70d0f89791c76c51a30654be30d192e819d6ef5218d69906245565a910f40e35855771202a106aa07032bbd1b8"
        hex"19a4c116b8d2d0c81e376c085141ab532748774cdf8eeb9934b0bcb5e19b48a8391c0cb3c5c95a634ed8aa4ae3418acb"
        hex"5b9cca4f7763e373682e6ff3d6b2b8a3748f82ee5defb2fc78a5636f43172f6084c87814a1f0ab728cc702081a6439ec"
        hex"90befffa23631e28a4506cebde82bde9bef9a3f7b2c67915c67178f2e372532bca273eceea26619cd186b8c721c0c207"
        hex"eada7dd6cde0eb1ef57d4f7fee6ed17806f067aa72176fba0a637dc5a2c898a6113f9804bef90dae1b710b35131c471b"
        hex"28db77f523047d8432caab7b40c724933c9ebe0a15c9bebc431d67c49c100d4c4cc5d4becb3e42b6597f299cfc657e2a"
        hex"5fcb6fab3ad6faec6c44198c4a475817";
    /// Section 5.3.5.
    bytes private constant INITIAL =
        hex"6a09e667f3bcc908bb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1"
        hex"510e527fade682d19b05688c2b3e6c1f1f83d9abfb41bd6b5be0cd19137e2179";

    function hash(bytes memory message) internal pure returns (bytes memory digest) {
        bytes memory padded = pad(message);
        uint64[8] memory state;
        for (uint256 i = 0; i < 8; i++) state[i] = _word(INITIAL, i);
        for (uint256 first = 0; first < padded.length / 8; first += 16) _compress(state, padded, first);
        for (uint256 i = 0; i < 8; i++) digest = abi.encodePacked(digest, state[i]);
    }

    /// Section 5.1.2.
    function pad(bytes memory message) internal pure returns (bytes memory) {
        bytes memory zeros = new bytes((239 - (message.length % 128)) % 128);
        return abi.encodePacked(message, hex"80", zeros, uint128(8 * message.length));
    }

    /// Section 6.4.2.
    function _compress(uint64[8] memory state, bytes memory padded, uint256 first) private pure {
        unchecked {
            uint64[80] memory w;
            for (uint256 t = 0; t < 16; t++) w[t] = _word(padded, first + t);
            for (uint256 t = 16; t < 80; t++) {
                uint64 s1 = _rotr(w[t - 2], 19) ^ _rotr(w[t - 2], 61) ^ (w[t - 2] >> 6);
                uint64 s0 = _rotr(w[t - 15], 1) ^ _rotr(w[t - 15], 8) ^ (w[t - 15] >> 7);
                w[t] = s1 + w[t - 7] + s0 + w[t - 16];
            }
            uint64[8] memory v;
            for (uint256 i = 0; i < 8; i++) v[i] = state[i];
            for (uint256 t = 0; t < 80; t++) {
                uint64 t1 = v[7] + (_rotr(v[4], 14) ^ _rotr(v[4], 18) ^ _rotr(v[4], 41));
                t1 += ((v[4] & v[5]) ^ (~v[4] & v[6])) + _word(K, t) + w[t];
                uint64 t2 = _rotr(v[0], 28) ^ _rotr(v[0], 34) ^ _rotr(v[0], 39);
                t2 += (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
                for (uint256 i = 7; i > 0; i--) v[i] = v[i - 1];
                v[4] += t1;
                v[0] = t1 + t2;
            }
            for (uint256 i = 0; i < 8; i++) state[i] += v[i];
        }
    }

    function _rotr(uint64 x, uint64 n) private pure returns (uint64) {
        return (x >> n) | (x << (64 - n));
    }

    function _word(bytes memory data, uint256 index) private pure returns (uint64 value) {
        for (uint256 i = 0; i < 8; i++) value = (value << 8) | uint8(data[8 * index + i]);
    }
}
