// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    ClientExpired,
    ClientFrozen,
    FutureHeader,
    InsufficientParticipation,
    InvalidAccountProof,
    InvalidCommittee,
    InvalidExecutionBranch,
    InvalidExecutionHeader,
    InvalidFinalityBranch,
    InvalidNextCommittee,
    InvalidPublicKey,
    InvalidSignature,
    InvalidStorageProof,
    Malformed,
    NoConflict,
    NonMonotonicTime,
    SlotOrder,
    StaleHeader,
    UnknownFork,
    UnknownHeight,
    UnknownPeriod,
    ValueAbsent,
    ValueMismatch,
    ValuePresent
} from "../errors/VerificationErrors.sol";
import {ClientStatus, ILightClient, UpdateResult} from "../interfaces/ILightClient.sol";
import {Bls12381} from "../libraries/Bls12381.sol";
import {ExecutionHeader} from "../libraries/ExecutionHeader.sol";
import {MerklePatricia} from "../libraries/MerklePatricia.sol";
import {Ssz} from "../libraries/Ssz.sol";
import {StorageProof} from "../libraries/StorageProof.sol";
import {BeaconState, Fork} from "./BeaconState.sol";

/// @title Light client of an Ethereum chain, by its sync committees
/// @notice The rules, their order and their reasons are those of adapters/evm/verify/README.md; the packed messages are made
/// by adapters/evm/pack. A packed update is
///
///     signatureSlot 8 | attested header 112 | finalized header 112 | signature 192 | public keys' root 32 |
///     aggregate key 48, its y 48 | sizes: bits 1, finality branch 1, execution branch 1, next committee 1, header 2 |
///     bits | finality branch | execution branch | execution header |
///     [next public keys' root 32 | next aggregate key 48 | next committee branch] |
///     each absentee's key 48, its y 48 | shared proof of the absentees' keys
///
/// with slots big-endian, proposer indices as in SSZ, the bit of member 0 on top of the first byte, the next committee's size
/// 0x80 + the branch's nodes (0 without one), and absentees only when enough members signed.
contract BeaconLightClient is ILightClient {
    uint256 private constant RING_SIZE = 61;
    /// Stands for "nothing" in storage, where zero would make the next write pay for a new slot.
    bytes32 private constant EMPTY = bytes32(uint256(1));
    /// Rows of the fork table, which live in the code; a row that does not exist is zero.
    uint256 private constant MAX_FORKS = 8;
    uint256 private constant FIXED_SIZE = 558;
    bytes4 private constant DOMAIN_SYNC_COMMITTEE = 0x07000000;

    uint64 private immutable CHAIN_ID;
    bytes32 private immutable GENESIS_VALIDATORS_ROOT;
    uint64 private immutable GENESIS_TIME;
    uint64 private immutable SECONDS_PER_SLOT;
    uint64 private immutable SLOTS_PER_EPOCH;
    uint64 private immutable EPOCHS_PER_PERIOD;
    uint64 private immutable COMMITTEE_SIZE;
    uint64 private immutable TRUSTING_PERIOD;
    uint64 private immutable MAX_CLOCK_DRIFT;
    address private immutable ROUTER;
    bytes32 private immutable COMMITMENTS_SLOT;
    uint256 private immutable FORKS;
    /// epoch 64 | version 32 | finalizedRootGindex 32 | nextSyncCommitteeGindex 32 | executionBlockHashGindex 32
    uint256 private immutable FORK_0;
    uint256 private immutable FORK_1;
    uint256 private immutable FORK_2;
    uint256 private immutable FORK_3;
    uint256 private immutable FORK_4;
    uint256 private immutable FORK_5;
    uint256 private immutable FORK_6;
    uint256 private immutable FORK_7;

    /// What moves with every update, in one slot.
    struct Latest {
        uint64 height;
        uint64 timestamp;
        uint64 slot;
        /// Sync committee period of `_committeeRoot`.
        uint56 period;
        bool frozen;
    }

    /// Where the parts of a packed update lie in calldata.
    struct Message {
        uint256 start;
        uint256 end;
        uint256 bits;
        uint256 finalityBranch;
        uint256 finalityNodes;
        uint256 executionBranch;
        uint256 executionNodes;
        uint256 executionHeader;
        uint256 executionHeaderSize;
        uint256 nextCommittee;
        uint256 nextNodes;
        uint256 absentees;
    }

    Latest private _latest;
    bytes32 private _committeeRoot;
    bytes32 private _nextCommitteeRoot;
    bytes32[RING_SIZE] private _ring;

    /// @param trustedState Canonical; see adapters/evm/verify/trusted-state.ts. Whoever uses the client must have checked it.
    constructor(bytes memory trustedState) {
        BeaconState memory s = abi.decode(trustedState, (BeaconState));
        if (keccak256(abi.encode(s)) != keccak256(trustedState) || !_isUsable(s)) revert Malformed();
        uint256 forks = s.forks.length;

        CHAIN_ID = s.chainId;
        GENESIS_VALIDATORS_ROOT = s.genesisValidatorsRoot;
        GENESIS_TIME = s.genesisTime;
        SECONDS_PER_SLOT = s.secondsPerSlot;
        SLOTS_PER_EPOCH = s.slotsPerEpoch;
        EPOCHS_PER_PERIOD = s.epochsPerPeriod;
        COMMITTEE_SIZE = s.committeeSize;
        TRUSTING_PERIOD = s.trustingPeriod;
        MAX_CLOCK_DRIFT = s.maxClockDrift;
        ROUTER = s.router;
        COMMITMENTS_SLOT = s.commitmentsSlot;
        FORKS = forks;
        FORK_0 = forks > 0 ? _packFork(s.forks[0]) : 0;
        FORK_1 = forks > 1 ? _packFork(s.forks[1]) : 0;
        FORK_2 = forks > 2 ? _packFork(s.forks[2]) : 0;
        FORK_3 = forks > 3 ? _packFork(s.forks[3]) : 0;
        FORK_4 = forks > 4 ? _packFork(s.forks[4]) : 0;
        FORK_5 = forks > 5 ? _packFork(s.forks[5]) : 0;
        FORK_6 = forks > 6 ? _packFork(s.forks[6]) : 0;
        FORK_7 = forks > 7 ? _packFork(s.forks[7]) : 0;

        _latest = Latest(s.latestHeight, s.latestTimestamp, s.latestSlot, uint56(s.period), s.frozen);
        _committeeRoot = s.committeeRoot;
        _nextCommitteeRoot = s.nextCommitteeRoot == 0 ? EMPTY : s.nextCommitteeRoot;
        for (uint256 i = 0; i < RING_SIZE; i++) {
            _ring[i] = s.ring[i] == 0 ? EMPTY : s.ring[i];
        }
    }

    /// @inheritdoc ILightClient
    function update(bytes calldata clientMessage) external returns (UpdateResult) {
        Message memory m = _locate(clientMessage);
        Latest memory latest = _requireActive();
        ExecutionHeader.Block memory head = _parseHeader(m);
        bytes32 word = _word(head.height, head.timestamp, head.stateRoot);
        uint256 place = head.height % RING_SIZE;
        bytes32 held = _ring[place];
        if (held == word && m.nextCommittee == 0) return UpdateResult.NoOp;

        (uint64 finalizedSlot, bytes32 next) = _verify(m, latest);

        uint256 heldHeight = held == EMPTY ? 0 : uint256(held) >> 192;
        if (held != EMPTY && held != word && heldHeight == head.height) {
            _latest.frozen = true;
            emit ClientFrozenByMisbehaviour(head.height);
            return UpdateResult.Misbehaviour;
        }
        if (
            head.height > latest.height
                ? head.timestamp <= latest.timestamp
                : head.height < latest.height && head.timestamp >= latest.timestamp
        ) {
            revert NonMonotonicTime();
        }

        uint56 period = latest.period;
        bool isNew = held != word && (held == EMPTY || heldHeight < head.height);
        bytes32 known = EMPTY;
        bool rotates = false;
        // A committee can become known only in an update that reaches the next period or brings one.
        if (next != 0 || _periodOf(finalizedSlot) == uint256(period) + 1) {
            known = _nextCommitteeRoot;
            rotates = known != EMPTY && _periodOf(finalizedSlot) == uint256(period) + 1;
        }
        bool learns =
            next != 0 &&
                (rotates || known == EMPTY) &&
                _periodOf(_attestedSlot(m)) == (rotates ? uint256(period) + 1 : period);
        if (!isNew && !rotates && !learns) revert StaleHeader();

        if (isNew) _ring[place] = word;
        if (head.height > latest.height) {
            latest.height = head.height;
            latest.timestamp = head.timestamp;
            latest.slot = finalizedSlot;
        }
        if (rotates) {
            _committeeRoot = known;
            latest.period = period + 1;
            if (!learns) _nextCommitteeRoot = EMPTY;
        }
        if (learns) _nextCommitteeRoot = next;
        _latest = latest;
        emit ClientUpdated(head.height, head.timestamp, head.stateRoot);
        return UpdateResult.Updated;
    }

    /// @inheritdoc ILightClient
    /// @dev Packed: the first update's length in four bytes, the first update, the second update.
    function reportMisbehaviour(bytes calldata evidence) external {
        if (evidence.length < 4) revert Malformed();
        uint256 middle = 4 + uint256(uint32(bytes4(evidence[:4])));
        if (middle > evidence.length) revert Malformed();
        (ExecutionHeader.Block memory one, uint64 oneSlot, bytes32 oneRoot) = _judge(evidence[4:middle]);
        (ExecutionHeader.Block memory two, uint64 twoSlot, bytes32 twoRoot) = _judge(evidence[middle:]);
        bool conflict =
            (oneSlot == twoSlot && oneRoot != twoRoot) ||
                (one.height == two.height && (one.timestamp != two.timestamp || one.stateRoot != two.stateRoot));
        if (!conflict) revert NoConflict();
        _latest.frozen = true;
        emit ClientFrozenByMisbehaviour(one.height);
    }

    /// @inheritdoc ILightClient
    /// @dev Packed: height 8 | timestamp 8 | state root 32 | account proof as MerklePatricia reads it.
    function openRoot(
        bytes[] calldata prefix,
        bytes calldata rootProof
    ) external view returns (bytes32 root, uint64 timestamp) {
        // An Ethereum packet store has no prefix beyond the path's own.
        if (prefix.length != 0 || rootProof.length < 48) revert Malformed();
        _requireActive();
        uint64 height = uint64(bytes8(rootProof[:8]));
        timestamp = uint64(bytes8(rootProof[8:16]));
        bytes32 stateRoot = bytes32(rootProof[16:48]);
        if (_ring[height % RING_SIZE] != _word(height, timestamp, stateRoot)) revert UnknownHeight();
        (bool ok, uint256 account, uint256 size) = MerklePatricia.walk(
            stateRoot,
            keccak256(abi.encodePacked(ROUTER)),
            rootProof[48:]
        );
        if (!ok || size == 0) revert InvalidAccountProof();
        (ok, root) = StorageProof.storageRoot(account, size);
        if (!ok) revert InvalidAccountProof();
    }

    /// @inheritdoc ILightClient
    function verifyMembership(bytes32 root, bytes calldata path, bytes32 value, bytes calldata proof) external view {
        (bool present, bytes32 held) = _read(root, path, proof);
        if (!present) revert ValueAbsent();
        if (held != value) revert ValueMismatch();
    }

    /// @inheritdoc ILightClient
    function verifyNonMembership(bytes32 root, bytes calldata path, bytes calldata proof) external view {
        (bool present, ) = _read(root, path, proof);
        if (present) revert ValuePresent();
    }

    /// @inheritdoc ILightClient
    function status() external view returns (ClientStatus) {
        Latest memory latest = _latest;
        if (latest.frozen) return ClientStatus.Frozen;
        return _isExpired(latest) ? ClientStatus.Expired : ClientStatus.Active;
    }

    /// @inheritdoc ILightClient
    function clientType() external pure returns (string memory) {
        return "beacon";
    }

    /// @inheritdoc ILightClient
    function clientState() external view returns (bytes memory) {
        BeaconState memory s;
        s.chainId = CHAIN_ID;
        s.genesisValidatorsRoot = GENESIS_VALIDATORS_ROOT;
        s.genesisTime = GENESIS_TIME;
        s.secondsPerSlot = SECONDS_PER_SLOT;
        s.slotsPerEpoch = SLOTS_PER_EPOCH;
        s.epochsPerPeriod = EPOCHS_PER_PERIOD;
        s.committeeSize = COMMITTEE_SIZE;
        s.trustingPeriod = TRUSTING_PERIOD;
        s.maxClockDrift = MAX_CLOCK_DRIFT;
        s.router = ROUTER;
        s.commitmentsSlot = COMMITMENTS_SLOT;
        uint256[MAX_FORKS] memory rows = [FORK_0, FORK_1, FORK_2, FORK_3, FORK_4, FORK_5, FORK_6, FORK_7];
        s.forks = new Fork[](FORKS);
        for (uint256 i = 0; i < FORKS; i++) {
            uint256 row = rows[i];
            s.forks[i] = Fork(
                uint64(row >> 128),
                bytes4(uint32(row >> 96)),
                uint32(row >> 64),
                uint32(row >> 32),
                uint32(row)
            );
        }
        Latest memory latest = _latest;
        s.frozen = latest.frozen;
        s.latestHeight = latest.height;
        s.latestTimestamp = latest.timestamp;
        s.latestSlot = latest.slot;
        s.period = latest.period;
        s.committeeRoot = _committeeRoot;
        s.nextCommitteeRoot = _nextCommitteeRoot == EMPTY ? bytes32(0) : _nextCommitteeRoot;
        s.ring = new bytes32[](RING_SIZE);
        for (uint256 i = 0; i < RING_SIZE; i++) {
            if (_ring[i] != EMPTY) s.ring[i] = _ring[i];
        }
        return abi.encode(s);
    }

    /// Rules 1 to 16 for one of two contradicting updates.
    function _judge(
        bytes calldata clientMessage
    ) private view returns (ExecutionHeader.Block memory head, uint64 finalizedSlot, bytes32 finalizedRoot) {
        Message memory m = _locate(clientMessage);
        Latest memory latest = _requireActive();
        head = _parseHeader(m);
        (finalizedSlot, ) = _verify(m, latest);
        finalizedRoot = Ssz.headerRoot(m.start + 120, finalizedSlot);
    }

    /// Rule 1: finds the parts, all of which must lie in the message. That nothing follows the absentees' proof, whose length
    /// depends on who they are, is checked where it is read.
    function _locate(bytes calldata message) private view returns (Message memory m) {
        if (message.length < FIXED_SIZE) revert Malformed();
        uint256 start;
        uint256 sizes;
        assembly ("memory-safe") {
            start := message.offset
            sizes := shr(208, calldataload(add(start, 552)))
        }
        m.start = start;
        m.end = start + message.length;
        uint256 next = (sizes >> 16) & 0xff;
        m.nextNodes = next & 0x7f;
        if ((sizes >> 40) * 8 != COMMITTEE_SIZE || (next >> 7 == 1) != (m.nextNodes != 0)) revert Malformed();
        m.finalityNodes = (sizes >> 32) & 0xff;
        m.executionNodes = (sizes >> 24) & 0xff;
        m.executionHeaderSize = sizes & 0xffff;
        m.bits = start + FIXED_SIZE;
        m.finalityBranch = m.bits + COMMITTEE_SIZE / 8;
        m.executionBranch = m.finalityBranch + 32 * m.finalityNodes;
        m.executionHeader = m.executionBranch + 32 * m.executionNodes;
        m.absentees = m.executionHeader + m.executionHeaderSize;
        if (m.nextNodes != 0) {
            m.nextCommittee = m.absentees;
            m.absentees += 80 + 32 * m.nextNodes;
        }
        if (m.absentees > m.end) revert Malformed();
    }

    /// Rules 2 and 3.
    function _requireActive() private view returns (Latest memory latest) {
        latest = _latest;
        if (latest.frozen) revert ClientFrozen();
        if (_isExpired(latest)) revert ClientExpired();
    }

    /// Rule 4.
    function _parseHeader(Message memory m) private pure returns (ExecutionHeader.Block memory head) {
        bool ok;
        (ok, head) = ExecutionHeader.parse(m.executionHeader, m.executionHeaderSize);
        if (!ok) revert InvalidExecutionHeader();
    }

    /// Rules 6 to 16.
    /// @return finalizedSlot Of the finalized header.
    /// @return next Root of the committee that the update brings, or zero.
    function _verify(Message memory m, Latest memory latest) private view returns (uint64 finalizedSlot, bytes32 next) {
        uint64 signatureSlot = _uint64(m.start);
        uint64 attestedSlot = _attestedSlot(m);
        finalizedSlot = _uint64(m.start + 120);
        if (signatureSlot <= attestedSlot || attestedSlot < finalizedSlot) revert SlotOrder();
        if (GENESIS_TIME + uint256(signatureSlot) * SECONDS_PER_SLOT > block.timestamp + MAX_CLOCK_DRIFT) {
            revert FutureHeader();
        }
        uint256 attestedFork = _forkAt(attestedSlot);
        uint256 finalizedFork = _forkAt(finalizedSlot);
        uint256 signatureFork = _forkAt(signatureSlot - 1);
        bytes32 committeeRoot = _signingCommittee(_periodOf(signatureSlot), latest.period);

        _requireBranch(
            _keccak(m.executionHeader, m.executionHeaderSize),
            uint32(finalizedFork),
            m.executionBranch,
            m.executionNodes,
            _word32(m.start + 120 + 80),
            InvalidExecutionBranch.selector
        );
        bytes32 attestedState = _word32(m.start + 8 + 48);
        _requireBranch(
            Ssz.headerRoot(m.start + 120, finalizedSlot),
            uint32(attestedFork >> 64),
            m.finalityBranch,
            m.finalityNodes,
            attestedState,
            InvalidFinalityBranch.selector
        );
        if (m.nextCommittee != 0) {
            if (_periodOf(attestedSlot) != _periodOf(signatureSlot)) revert InvalidNextCommittee();
            next = Ssz.hashPair(_word32(m.nextCommittee), Ssz.publicKeyRoot(m.nextCommittee + 32));
            _requireBranch(
                next,
                uint32(attestedFork >> 32),
                m.nextCommittee + 80,
                m.nextNodes,
                attestedState,
                InvalidNextCommittee.selector
            );
            if (_periodOf(attestedSlot) == latest.period) {
                bytes32 known = _nextCommitteeRoot;
                if (known != EMPTY && known != next) revert InvalidNextCommittee();
            }
        }
        bytes32 publicKeysRoot = _word32(m.start + 424);
        if (Ssz.hashPair(publicKeysRoot, Ssz.publicKeyRoot(m.start + 456)) != committeeRoot) revert InvalidCommittee();

        uint256 key = _signersKey(m, publicKeysRoot);
        bytes32 forkDataRoot = Ssz.hashPair(bytes32((signatureFork >> 96) << 224), GENESIS_VALIDATORS_ROOT);
        bytes32 signingRoot = Ssz.hashPair(
            Ssz.headerRoot(m.start + 8, attestedSlot),
            bytes32(DOMAIN_SYNC_COMMITTEE) | (forkDataRoot >> 32)
        );
        if (!Bls12381.verifies(signingRoot, key, m.start + 232)) revert InvalidSignature();
    }

    /// Rule 9.
    function _signingCommittee(uint256 period, uint256 trustedPeriod) private view returns (bytes32 root) {
        if (period == trustedPeriod) return _committeeRoot;
        if (period != trustedPeriod + 1) revert UnknownPeriod();
        root = _nextCommitteeRoot;
        if (root == EMPTY) revert UnknownPeriod();
    }

    /// Rules 13 (for the absentees' keys) to 15.
    /// @return key Memory: the sum of the participants' keys.
    function _signersKey(Message memory m, bytes32 publicKeysRoot) private view returns (uint256 key) {
        uint256[] memory absentees = _absentees(m.bits);
        uint256 count = absentees.length;
        if (3 * (COMMITTEE_SIZE - count) < 2 * uint256(COMMITTEE_SIZE)) revert InsufficientParticipation();
        uint256 end = m.absentees;
        if (count != 0) {
            bytes32 root;
            (root, end) = Ssz.sharedRoot(absentees, m.absentees, 96, m.absentees + 96 * count);
            if (root != publicKeysRoot) revert InvalidCommittee();
        }
        if (end != m.end) revert Malformed();
        bool ok;
        (ok, key) = Bls12381.subtract(m.start + 456, m.absentees, count);
        if (!ok) revert InvalidPublicKey();
    }

    /// @return gindices Of the keys, in their tree, of members whose bit is not set; ascending.
    function _absentees(uint256 bits) private view returns (uint256[] memory gindices) {
        uint256 size = COMMITTEE_SIZE;
        assembly ("memory-safe") {
            gindices := mload(0x40)
            let to := add(gindices, 0x20)
            for {
                let base := 0
            } lt(base, size) {
                base := add(base, 256)
            } {
                // Ones for the absent, from the top; bits beyond the committee are not looked at.
                let absent := not(calldataload(bits))
                let left := sub(size, base)
                if lt(left, 256) {
                    absent := shl(sub(256, left), shr(sub(256, left), absent))
                }
                for {} absent {} {
                    let bit := shl(7, gt(absent, 0xffffffffffffffffffffffffffffffff))
                    bit := or(bit, shl(6, gt(shr(bit, absent), 0xffffffffffffffff)))
                    bit := or(bit, shl(5, gt(shr(bit, absent), 0xffffffff)))
                    bit := or(bit, shl(4, gt(shr(bit, absent), 0xffff)))
                    bit := or(bit, shl(3, gt(shr(bit, absent), 0xff)))
                    bit := or(bit, shl(2, gt(shr(bit, absent), 0xf)))
                    bit := or(bit, shl(1, gt(shr(bit, absent), 0x3)))
                    bit := or(bit, gt(shr(bit, absent), 0x1))
                    absent := xor(absent, shl(bit, 1))
                    mstore(to, add(size, add(base, sub(255, bit))))
                    to := add(to, 0x20)
                }
                bits := add(bits, 0x20)
            }
            mstore(gindices, shr(5, sub(sub(to, gindices), 0x20)))
            mstore(0x40, to)
        }
    }

    function _requireBranch(
        bytes32 leaf,
        uint256 gindex,
        uint256 branch,
        uint256 nodes,
        bytes32 root,
        bytes4 reason
    ) private view {
        // Exactly floor(log2 gindex) nodes.
        if (gindex >> nodes != 1 || Ssz.branchRoot(leaf, gindex, branch) != root) {
            assembly ("memory-safe") {
                mstore(0x00, reason)
                revert(0x00, 0x04)
            }
        }
    }

    /// Rule 8: the last row that has begun by the slot.
    function _forkAt(uint64 slot) private view returns (uint256) {
        uint256 epoch = slot / SLOTS_PER_EPOCH;
        uint256 forks = FORKS;
        if (forks > 7 && FORK_7 >> 128 <= epoch) return FORK_7;
        if (forks > 6 && FORK_6 >> 128 <= epoch) return FORK_6;
        if (forks > 5 && FORK_5 >> 128 <= epoch) return FORK_5;
        if (forks > 4 && FORK_4 >> 128 <= epoch) return FORK_4;
        if (forks > 3 && FORK_3 >> 128 <= epoch) return FORK_3;
        if (forks > 2 && FORK_2 >> 128 <= epoch) return FORK_2;
        if (forks > 1 && FORK_1 >> 128 <= epoch) return FORK_1;
        if (forks > 0 && FORK_0 >> 128 <= epoch) return FORK_0;
        revert UnknownFork();
    }

    /// Whether every rule has a meaning under these parameters, and storage can hold the state.
    function _isUsable(BeaconState memory s) private pure returns (bool) {
        for (uint256 i = 0; i < s.forks.length; i++) {
            Fork memory fork = s.forks[i];
            if (
                !_isGindex(fork.finalizedRootGindex) ||
                !_isGindex(fork.nextSyncCommitteeGindex) ||
                !_isGindex(fork.executionBlockHashGindex)
            ) return false;
        }
        for (uint256 i = 0; i < s.ring.length; i++) {
            if (s.ring[i] == EMPTY) return false;
        }
        // A power of two, so that the keys fill their tree, in whole bytes of bits.
        bool isTree = s.committeeSize >= 8 && s.committeeSize <= 512 && s.committeeSize & (s.committeeSize - 1) == 0;
        return
            isTree &&
            s.ring.length == RING_SIZE &&
            s.forks.length <= MAX_FORKS &&
            s.slotsPerEpoch > 0 &&
            s.epochsPerPeriod > 0 &&
            s.period < 1 << 56 &&
            s.nextCommitteeRoot != EMPTY;
    }

    /// Branches have 1 to 16 nodes.
    function _isGindex(uint32 gindex) private pure returns (bool) {
        return gindex > 1 && gindex < 1 << 17;
    }

    function _packFork(Fork memory fork) private pure returns (uint256) {
        return
            (uint256(fork.epoch) << 128) |
            (uint256(uint32(fork.version)) << 96) |
            (uint256(fork.finalizedRootGindex) << 64) |
            (uint256(fork.nextSyncCommitteeGindex) << 32) |
            fork.executionBlockHashGindex;
    }

    function _periodOf(uint64 slot) private view returns (uint256) {
        return slot / SLOTS_PER_EPOCH / EPOCHS_PER_PERIOD;
    }

    function _attestedSlot(Message memory m) private pure returns (uint64) {
        return _uint64(m.start + 8);
    }

    function _isExpired(Latest memory latest) private view returns (bool) {
        return block.timestamp > uint256(latest.timestamp) + TRUSTING_PERIOD;
    }

    /// Rules 5 to 8 of state proofs, up to the value.
    function _read(
        bytes32 root,
        bytes calldata path,
        bytes calldata proof
    ) private view returns (bool present, bytes32 value) {
        bytes32 slot = keccak256(abi.encodePacked(keccak256(path), COMMITMENTS_SLOT));
        (bool ok, uint256 position, uint256 size) = MerklePatricia.walk(root, keccak256(abi.encodePacked(slot)), proof);
        if (!ok) revert InvalidStorageProof();
        if (size == 0) return (false, 0);
        (ok, value) = StorageProof.word(position, size);
        if (!ok) revert InvalidStorageProof();
        return (true, value);
    }

    /// What the ring holds for a height.
    function _word(uint64 height, uint64 timestamp, bytes32 stateRoot) private pure returns (bytes32) {
        bytes32 digest = keccak256(abi.encodePacked(height, timestamp, stateRoot));
        return bytes32(uint256(height) << 192) | (digest >> 64);
    }

    function _keccak(uint256 position, uint256 size) private pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            calldatacopy(buffer, position, size)
            digest := keccak256(buffer, size)
        }
    }

    function _uint64(uint256 position) private pure returns (uint64) {
        return uint64(uint256(_word32(position)) >> 192);
    }

    function _word32(uint256 position) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(position)
        }
    }
}
