// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    InvalidAccountProof,
    InvalidCommittee,
    InvalidPublicKey,
    InvalidSignature,
    InvalidStorageProof,
    Malformed,
    ValueMismatch
} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {Claim} from "../../../contracts/evm/interfaces/ILightClient.sol";
import {BeaconVectors} from "./support/BeaconVectors.sol";

/// @title Genuine evidence, packed as no packer does
/// @notice The light client takes more than canonical evidence says: a pool of trie nodes that all claims draw from, and the keys
/// of those who did not sign. Neither may say anything else than the evidence does. Layouts: `BeaconLightClient.verify`, PackedUpdate.sol.
contract PackingsTest is BeaconVectors {
    // --- the pool of nodes

    /// @dev A proof without an ancestry: the account's path and one a claim, each a list of positions.
    struct Pool {
        bytes place;
        bytes[] nodes;
        uint16[][] paths;
        Claim[] claims;
        Vector from;
    }

    /// @dev Two members and one absent path, which share nodes.
    function _pool() private view returns (Pool memory pool) {
        pool.from = vector("membership-and-absence");
        pool.claims = pool.from.claims;
        bytes memory packed = pool.from.proof;
        pool.place = _slice(packed, 0, 50);
        uint256 cursor = 50;
        pool.nodes = new bytes[](_uint16(packed, cursor));
        cursor += 2;
        for (uint256 i = 0; i < pool.nodes.length; ++i) {
            uint256 size = _uint16(packed, cursor);
            pool.nodes[i] = _slice(packed, cursor + 2, size);
            cursor += 2 + size;
        }
        pool.paths = new uint16[][](1 + pool.claims.length);
        for (uint256 i = 0; i < pool.paths.length; ++i) {
            pool.paths[i] = new uint16[](uint8(packed[cursor++]));
            for (uint256 j = 0; j < pool.paths[i].length; ++j) {
                pool.paths[i][j] = _uint16(packed, cursor);
                cursor += 2;
            }
        }
        equal(cursor, packed.length, "the whole proof");
    }

    function _pack(Pool memory pool) private pure returns (bytes memory packed) {
        packed = bytes.concat(pool.place, bytes2(uint16(pool.nodes.length)));
        for (uint256 i = 0; i < pool.nodes.length; ++i)
            packed = bytes.concat(packed, bytes2(uint16(pool.nodes[i].length)), pool.nodes[i]);
        for (uint256 i = 0; i < pool.paths.length; ++i) {
            packed = bytes.concat(packed, bytes1(uint8(pool.paths[i].length)));
            for (uint256 j = 0; j < pool.paths[i].length; ++j) packed = bytes.concat(packed, bytes2(pool.paths[i][j]));
        }
    }

    function _judge(Pool memory pool) private returns (bytes memory) {
        return _judgeProof(pool, _pack(pool));
    }

    function _judgeProof(Pool memory pool, bytes memory packed) private returns (bytes memory) {
        pool.from.proof = packed;
        pool.from.claims = pool.claims;
        return judge(clientOf(pool.from), pool.from);
    }

    function _refused(Pool memory pool, bytes4 reason, string memory what) private {
        equal(_judge(pool), abi.encodePacked(reason), what);
    }

    function test_ThePoolAsPackedProves() public {
        Pool memory pool = _pool();
        equal(_pack(pool), pool.from.proof, "the same bytes");
        equal(_judge(pool), "", "accepted");
        isTrue(pool.nodes.length < _entries(pool), "nodes are shared");
    }

    function _entries(Pool memory pool) private pure returns (uint256 count) {
        for (uint256 i = 0; i < pool.paths.length; ++i) count += pool.paths[i].length;
    }

    function test_Incident15_ANodeThatNothingUses() public {
        Pool memory pool = _pool();
        pool.nodes = _with(pool.nodes, hex"c0");
        _refused(pool, Malformed.selector, "one that proves nothing");
        pool.nodes[pool.nodes.length - 1] = pool.nodes[0];
        _refused(pool, Malformed.selector, "one that is there already");
        pool.nodes[pool.nodes.length - 1] = "";
        _refused(pool, Malformed.selector, "one of no bytes");
    }

    function test_Incident14_APositionBeyondThePool() public {
        for (uint256 i = 0; i < 4; ++i) {
            Pool memory pool = _pool();
            uint16[] memory path = pool.paths[i];
            path[path.length - 1] = uint16(pool.nodes.length);
            _refused(pool, Malformed.selector, "one beyond the last");
            path[path.length - 1] = type(uint16).max;
            _refused(pool, Malformed.selector, "the last there could be");
        }
        Pool memory none = _pool();
        none.nodes = new bytes[](0);
        _refused(none, Malformed.selector, "no nodes at all");
    }

    /// @dev A position is one that was used before, or the first that was not.
    function test_Incident15_PositionsOutOfOrder() public {
        Pool memory pool = _pool();
        uint16 last = uint16(pool.nodes.length - 1);
        (pool.nodes[0], pool.nodes[last]) = (pool.nodes[last], pool.nodes[0]);
        for (uint256 i = 0; i < pool.paths.length; ++i)
            for (uint256 j = 0; j < pool.paths[i].length; ++j) {
                uint16 position = pool.paths[i][j];
                if (position == 0) pool.paths[i][j] = last;
                else if (position == last) pool.paths[i][j] = 0;
            }
        _refused(pool, Malformed.selector, "the same nodes, not in the order of their use");
    }

    /// @dev A second copy is a node like any other: it says nothing that the first one does not.
    function test_Incident15_ANodeTwiceProvesNothingMore() public {
        Pool memory pool = _pool();
        uint16[] memory last = pool.paths[3];
        uint16 used = 0;
        for (uint256 i = 0; i < 3; ++i)
            for (uint256 j = 0; j < pool.paths[i].length; ++j)
                if (pool.paths[i][j] >= used) used = pool.paths[i][j] + 1;
        // The copy comes where the last claim begins, and what only that claim uses moves up.
        pool.nodes = _with(pool.nodes, "");
        for (uint256 i = pool.nodes.length - 1; i > used; --i) pool.nodes[i] = pool.nodes[i - 1];
        pool.nodes[used] = pool.nodes[last[0]];
        for (uint256 i = 1; i < last.length; ++i) if (last[i] >= used) ++last[i];
        last[0] = used;
        equal(_judge(pool), "", "the same claims, by the same nodes");
        pool.claims[2].value ^= bytes32(uint256(1));
        _refused(pool, ValueMismatch.selector, "and no others");
    }

    function test_Incident14_TheListOfAnotherClaim() public {
        for (uint256 i = 1; i < 4; ++i)
            for (uint256 j = 1; j < 4; ++j) {
                if (i == j) continue;
                Pool memory pool = _pool();
                (pool.claims[i - 1], pool.claims[j - 1]) = (pool.claims[j - 1], pool.claims[i - 1]);
                _refused(pool, InvalidStorageProof.selector, "claims in another order than their lists");
            }
        Pool memory twice = _pool();
        twice.claims[1] = twice.claims[0];
        _refused(twice, InvalidStorageProof.selector, "one claim by two lists");
        Pool memory account = _pool();
        account.paths[1] = account.paths[0];
        _refused(account, InvalidStorageProof.selector, "the account's list");
        Pool memory claim = _pool();
        claim.paths[0] = claim.paths[1];
        isTrue(_judge(claim).length != 0, "a claim's list for the account");
    }

    /// @dev Of a claim of its own, the list may name nothing, or a node too few, too many or twice.
    function test_Incident9And15_AListOfItsOwn() public {
        Pool memory pool = _pool();
        pool.paths[3] = new uint16[](0);
        _refused(pool, InvalidStorageProof.selector, "nothing");
        for (uint256 i = 1; i < 4; ++i) {
            pool = _pool();
            uint16[] memory path = pool.paths[i];
            uint16[] memory longer = new uint16[](path.length + 1);
            for (uint256 j = 0; j < path.length; ++j) longer[j] = path[j];
            longer[path.length] = path[path.length - 1];
            pool.paths[i] = longer;
            _refused(pool, InvalidStorageProof.selector, "its last node twice");
            for (uint256 j = path.length; j > 0; --j) longer[j] = path[j - 1];
            longer[0] = path[0];
            _refused(pool, InvalidStorageProof.selector, "its first node twice");
            assembly ("memory-safe") {
                mstore(path, sub(mload(path), 1))
            }
            pool.paths[i] = path;
            _refused(pool, InvalidStorageProof.selector, "without its last node");
        }
        pool = _pool();
        pool.paths[0] = new uint16[](0);
        _refused(pool, InvalidAccountProof.selector, "an account by nothing");
    }

    function test_Incident15_AsManyListsAsClaims() public {
        Pool memory pool = _pool();
        Claim[] memory fewer = new Claim[](2);
        (fewer[0], fewer[1]) = (pool.claims[0], pool.claims[1]);
        pool.claims = fewer;
        _refused(pool, Malformed.selector, "a list left over");
        pool = _pool();
        Claim[] memory more = new Claim[](4);
        for (uint256 i = 0; i < 4; ++i) more[i] = pool.claims[i % 3];
        pool.claims = more;
        _refused(pool, Malformed.selector, "a list missing");
        pool = _pool();
        bytes memory packed = _pack(pool);
        equal(
            _judgeProof(pool, bytes.concat(packed, hex"00")),
            abi.encodePacked(Malformed.selector),
            "a byte after them"
        );
        for (uint256 size = 1; size < packed.length; size += 7)
            isTrue(_judgeProof(pool, _slice(packed, 0, size)).length == 4, "cut short");
    }

    // --- those who did not sign

    uint256 private constant KEY = 96;
    uint256 private constant ABSENT = 10;

    /// @dev `update-absentees` without a next committee: 32 members, of whom ten are absent.
    function _update() private view returns (Vector memory v, uint256 absentees) {
        v = vector("update-absentees");
        bytes memory packed = v.updates[0];
        uint256 branches = 32 * (uint256(uint8(packed[553])) + uint8(packed[554]));
        absentees = 558 + 4 + branches + _uint16(packed, 556);
        isTrue(absentees + ABSENT * KEY < packed.length, "ten keys, and what proves them");
    }

    function _refusedUpdate(Vector memory v, bytes memory packed, bytes4 reason, string memory what) private {
        v.updates[0] = packed;
        equal(judge(clientOf(v), v), abi.encodePacked(reason), what);
    }

    function test_Incident22_AnAbsenteeIsProvenInItsOwnSeat() public {
        (Vector memory v, uint256 start) = _update();
        bytes memory genuine = v.updates[0];
        for (uint256 i = 0; i + 1 < ABSENT; ++i) {
            bytes memory swapped = bytes.concat(genuine);
            _copy(genuine, start + i * KEY, swapped, start + (i + 1) * KEY, KEY);
            _copy(genuine, start + (i + 1) * KEY, swapped, start + i * KEY, KEY);
            _refusedUpdate(v, swapped, InvalidCommittee.selector, "two in each other's seats");
            bytes memory doubled = bytes.concat(genuine);
            _copy(genuine, start + i * KEY, doubled, start + (i + 1) * KEY, KEY);
            _refusedUpdate(v, doubled, InvalidCommittee.selector, "one in two seats");
        }
        _refusedUpdate(v, _without(genuine, start, KEY), InvalidCommittee.selector, "a key too few");
        _refusedUpdate(v, _without(genuine, start + 9 * KEY, KEY), InvalidCommittee.selector, "the last one missing");
        v.updates[0] = genuine;
        equal(judge(clientOf(v), v), "", "each in its own");
    }

    /// @dev The bits say who is absent: other bits need other keys, and another signature.
    function test_Incident22_TheBitsSayWhoIsAbsent() public {
        (Vector memory v, uint256 start) = _update();
        bytes memory genuine = v.updates[0];
        for (uint256 member = 0; member < 32; ++member) {
            bytes memory other = bytes.concat(genuine);
            other[558 + member / 8] ^= bytes1(uint8(0x80 >> (member % 8)));
            v.updates[0] = other;
            bytes memory reason = judge(clientOf(v), v);
            isTrue(reason.length == 4 && bytes4(reason) != InvalidSignature.selector, "a seat more or less");
        }
        bytes memory nobody = bytes.concat(genuine);
        for (uint256 i = 0; i < 4; ++i) nobody[558 + i] = 0xff;
        _refusedUpdate(v, nobody, Malformed.selector, "keys of absentees that are not absent");
        _refusedUpdate(v, _slice(nobody, 0, start), InvalidSignature.selector, "all are said to have signed");
    }

    /// @dev The nodes that prove the absentees are exactly those that are needed.
    function test_Incident15_TheAbsenteesProofIsUsedUp() public {
        (Vector memory v, uint256 start) = _update();
        bytes memory genuine = v.updates[0];
        _refusedUpdate(v, bytes.concat(genuine, bytes32(0)), Malformed.selector, "a node left over");
        _refusedUpdate(v, bytes.concat(genuine, hex"00"), Malformed.selector, "a byte left over");
        uint256 helpers = start + ABSENT * KEY;
        for (uint256 i = helpers; i < genuine.length; i += 32) {
            bytes memory altered = bytes.concat(genuine);
            altered[i] ^= 0x01;
            _refusedUpdate(v, altered, InvalidCommittee.selector, "another node");
        }
        _refusedUpdate(v, _slice(genuine, 0, genuine.length - 32), InvalidCommittee.selector, "a node too few");
    }

    /// @dev The other y is the negated key: it would be added instead of subtracted.
    function test_Incident22_AKeyHasOneY() public {
        (Vector memory v, uint256 start) = _update();
        bytes memory genuine = v.updates[0];
        bytes memory zero = bytes.concat(genuine);
        for (uint256 i = 0; i < 48; ++i) zero[start + 48 + i] = 0;
        _refusedUpdate(v, zero, InvalidPublicKey.selector, "no y");
        bytes memory other = bytes.concat(genuine);
        _copy(genuine, start + KEY + 48, other, start + 48, 48);
        _refusedUpdate(v, other, InvalidPublicKey.selector, "the y of another");
        bytes memory swapped = bytes.concat(genuine);
        // Aggregate key and public keys' root: 456 and 424.
        _copy(genuine, 456, swapped, 424, 32);
        _copy(genuine, 424, swapped, 456, 32);
        _refusedUpdate(
            v,
            swapped,
            InvalidCommittee.selector,
            "the keys' root and the aggregate key in each other's place"
        );
    }

    // --- bytes

    function _uint16(bytes memory data, uint256 start) private pure returns (uint16) {
        return (uint16(uint8(data[start])) << 8) | uint8(data[start + 1]);
    }

    function _slice(bytes memory data, uint256 start, uint256 size) private pure returns (bytes memory part) {
        part = new bytes(size);
        _copy(data, start, part, 0, size);
    }

    function _without(bytes memory data, uint256 start, uint256 size) private pure returns (bytes memory) {
        return bytes.concat(_slice(data, 0, start), _slice(data, start + size, data.length - start - size));
    }

    function _copy(bytes memory from, uint256 start, bytes memory to, uint256 place, uint256 size) private pure {
        for (uint256 i = 0; i < size; ++i) to[place + i] = from[start + i];
    }

    function _with(bytes[] memory list, bytes memory last) private pure returns (bytes[] memory longer) {
        longer = new bytes[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) longer[i] = list[i];
        longer[list.length] = last;
    }
}
