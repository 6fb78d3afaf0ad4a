// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ForkNotLater, ForkUnusable, TooManyForks} from "../errors/LightClientErrors.sol";
import {
    ClientExpired,
    ClientFrozen,
    FutureHeader,
    InsufficientParticipation,
    InvalidAccountProof,
    InvalidAncestry,
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
import {Claim, ClientStatus, ILightClient, UpdateResult} from "../interfaces/ILightClient.sol";
import {Bls12381} from "../libraries/Bls12381.sol";
import {ExecutionHeader} from "../libraries/ExecutionHeader.sol";
import {MerklePatricia} from "../libraries/MerklePatricia.sol";
import {Ssz} from "../libraries/Ssz.sol";
import {StorageProof} from "../libraries/StorageProof.sol";
import {BeaconState, Fork} from "./BeaconState.sol";
import {PackedUpdate} from "./PackedUpdate.sol";

/// @title Light client of an Ethereum chain, by its sync committees
/// @notice The rules, their order and their reasons are those of adapters/evm/verify/README.md; PackedUpdate.sol says what a
/// client message looks like. The client keeps the roots of committees, never their keys.
contract BeaconLightClient is ILightClient, AccessManaged {
    uint256 private constant RING_SIZE = 61;
    /// Stands for "nothing" in storage, where zero would make the next write pay for a new slot.
    bytes32 private constant EMPTY = bytes32(uint256(1));
    /// Rows of the fork table, those known at creation and those added later.
    uint256 private constant MAX_FORKS = 8;
    bytes4 private constant DOMAIN_SYNC_COMMITTEE = 0x07000000;
    /// EIP-2935: HISTORY_STORAGE_ADDRESS and HISTORY_SERVE_WINDOW.
    address private constant HISTORY_CONTRACT = 0x0000F90827F1C53a10cb7A02335B175320002935;
    uint256 private constant HISTORY_WINDOW = 8191;
    /// Height 8 | timestamp 8 | state root 32.
    uint256 private constant PLACE_SIZE = 48;

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
    /// Rows known at creation live in the code; one that does not exist is zero.
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
        uint48 period;
        /// Rows in `_addedForks`: here, so that an update without any reads no further slot.
        uint8 addedForks;
        bool frozen;
    }

    Latest private _latest;
    bytes32 private _committeeRoot;
    bytes32 private _nextCommitteeRoot;
    bytes32[RING_SIZE] private _ring;
    /// In the form of FORK_0.
    uint256[MAX_FORKS] private _addedForks;

    /// @notice A row was put at the end of the fork table.
    event ForkAdded(Fork fork);

    /// @param trustedState Canonical; see adapters/evm/verify/trusted-state.ts. Whoever uses the client must have checked it.
    /// @param authority The access manager that decides who may add forks. It leaves a function that nobody configured to its
    /// ADMIN role, so that a client created at any time is covered, with that role's delay.
    constructor(bytes memory trustedState, address authority) AccessManaged(authority) {
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

        _latest = Latest(s.latestHeight, s.latestTimestamp, s.latestSlot, uint48(s.period), 0, s.frozen);
        _committeeRoot = s.committeeRoot;
        _nextCommitteeRoot = s.nextCommitteeRoot == 0 ? EMPTY : s.nextCommitteeRoot;
        for (uint256 i = 0; i < RING_SIZE; i++) {
            _ring[i] = s.ring[i] == 0 ? EMPTY : s.ring[i];
        }
    }

    /// @inheritdoc ILightClient
    function update(bytes calldata clientMessage) external returns (UpdateResult) {
        PackedUpdate.Parts memory m = PackedUpdate.locate(clientMessage, COMMITTEE_SIZE);
        Latest memory latest = _requireActive();
        ExecutionHeader.Block memory head = _parseHeader(m);
        bytes32 word = _word(head.height, head.timestamp, head.stateRoot);
        uint256 place = head.height % RING_SIZE;
        bytes32 held = _ring[place];
        if (held == word && m.nextCommittee == 0) return UpdateResult.NoOp;

        bytes32 next = _verify(m, latest);

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

        bool isNew = held != word && (held == EMPTY || heldHeight < head.height);
        bool committeesMoved = _followCommittees(latest, m, next);
        if (!isNew && !committeesMoved) revert StaleHeader();
        if (isNew) _ring[place] = word;
        if (head.height > latest.height) {
            latest.height = head.height;
            latest.timestamp = head.timestamp;
            latest.slot = m.finalizedSlot;
        }
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

    /// @notice Puts a row at the end of the fork table. No row ever changes or goes.
    /// @dev A row's meaning is for slots from its epoch on. It has to begin after the epoch of the newest finalized header, so
    /// that every header accepted so far keeps its own row; it may begin in the past, because a light client that does not know
    /// a fork stops before it: what the committee signs from there on names another fork version.
    function addFork(Fork calldata fork) external restricted {
        if (!_isUsableFork(fork)) revert ForkUnusable();
        Latest memory latest = _latest;
        uint256 rows = FORKS + latest.addedForks;
        if (rows == MAX_FORKS) revert TooManyForks();
        uint256 newest = latest.slot / SLOTS_PER_EPOCH;
        if (rows != 0) {
            uint256 last = _forkRow(rows - 1) >> 128;
            if (last > newest) newest = last;
        }
        if (fork.epoch <= newest) revert ForkNotLater(fork.epoch, uint64(newest));
        _addedForks[latest.addedForks++] = _packFork(fork);
        _latest = latest;
        emit ForkAdded(fork);
    }

    /// @inheritdoc ILightClient
    /// @dev Packed: height 8 | timestamp 8 | state root 32 | size 2 and content of the ancestry | nodes as MerklePatricia loads them
    /// | paths. An ancestry is the trusted block's height 8 | timestamp 8 | state root 32, and the older header. A path is the
    /// number of its nodes in one byte and their positions in two bytes each: with an ancestry those of the history contract's
    /// account and of the hash in its storage, the account's, and one a claim.
    function verify(
        bytes[] calldata prefix,
        Claim[] calldata claims,
        bytes calldata proof
    ) external view returns (uint64) {
        // An Ethereum packet store has no prefix beyond the path's own.
        if (prefix.length != 0 || proof.length < PLACE_SIZE + 2) revert Malformed();
        uint256 start = PLACE_SIZE + 2 + uint256(uint16(bytes2(proof[PLACE_SIZE:])));
        if (start > proof.length) revert Malformed();
        bool isOlder = start != PLACE_SIZE + 2;
        if (isOlder && start < PLACE_SIZE + 2 + PLACE_SIZE) revert Malformed();
        _requireActive();
        ExecutionHeader.Block memory place = _place(proof);
        ExecutionHeader.Block memory trusted = isOlder ? _place(proof[PLACE_SIZE + 2:]) : place;
        _requireKnown(trusted);

        bytes calldata rest = proof[start:];
        uint256 nodes;
        (nodes, rest) = MerklePatricia.load(rest);
        if (isOlder) rest = _verifyAncestry(place, trusted, proof[2 * PLACE_SIZE + 2:start], nodes, rest);
        bytes calldata path;
        (path, rest) = _nextPath(rest);
        (bool ok, bytes32 root) = _storageRoot(place.stateRoot, ROUTER, nodes, path);
        if (!ok) revert InvalidAccountProof();
        for (uint256 i = 0; i < claims.length; ++i) {
            (path, rest) = _nextPath(rest);
            _verifyClaim(root, claims[i], nodes, path);
        }
        if (rest.length != 0 || !MerklePatricia.allUsed(nodes)) revert Malformed();
        return place.timestamp;
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
        Latest memory latest = _latest;
        s.forks = new Fork[](FORKS + latest.addedForks);
        for (uint256 i = 0; i < s.forks.length; i++) {
            uint256 row = _forkRow(i);
            s.forks[i] = Fork(
                uint64(row >> 128),
                bytes4(uint32(row >> 96)),
                uint32(row >> 64),
                uint32(row >> 32),
                uint32(row)
            );
        }
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
        PackedUpdate.Parts memory m = PackedUpdate.locate(clientMessage, COMMITTEE_SIZE);
        Latest memory latest = _requireActive();
        head = _parseHeader(m);
        _verify(m, latest);
        finalizedSlot = m.finalizedSlot;
        finalizedRoot = Ssz.headerRoot(m.finalizedHeader, finalizedSlot);
    }

    /// Rules 2 and 3.
    function _requireActive() private view returns (Latest memory latest) {
        latest = _latest;
        if (latest.frozen) revert ClientFrozen();
        if (_isExpired(latest)) revert ClientExpired();
    }

    /// Rule 4.
    function _parseHeader(PackedUpdate.Parts memory m) private pure returns (ExecutionHeader.Block memory head) {
        bool ok;
        (ok, head) = ExecutionHeader.parse(m.executionHeader, m.executionHeaderSize);
        if (!ok) revert InvalidExecutionHeader();
    }

    /// Rules 6 to 16.
    /// @return next Root of the committee that the update brings, or zero.
    function _verify(PackedUpdate.Parts memory m, Latest memory latest) private view returns (bytes32 next) {
        if (m.signatureSlot <= m.attestedSlot || m.attestedSlot < m.finalizedSlot) revert SlotOrder();
        uint256 signatureTime = GENESIS_TIME + uint256(m.signatureSlot) * SECONDS_PER_SLOT;
        if (signatureTime > block.timestamp + MAX_CLOCK_DRIFT) revert FutureHeader();
        uint256 attestedFork = _forkAt(m.attestedSlot, latest.addedForks);
        uint256 finalizedFork = _forkAt(m.finalizedSlot, latest.addedForks);
        uint256 signatureFork = _forkAt(m.signatureSlot - 1, latest.addedForks);
        bytes32 committeeRoot = _signingCommittee(_periodOf(m.signatureSlot), latest.period);

        _requireBranch(
            PackedUpdate.hash(m.executionHeader, m.executionHeaderSize),
            uint32(finalizedFork),
            m.executionBranch,
            m.executionNodes,
            m.finalizedBody,
            InvalidExecutionBranch.selector
        );
        _requireBranch(
            Ssz.headerRoot(m.finalizedHeader, m.finalizedSlot),
            uint32(attestedFork >> 64),
            m.finalityBranch,
            m.finalityNodes,
            m.attestedState,
            InvalidFinalityBranch.selector
        );
        if (m.nextCommittee != 0) next = _nextCommittee(m, uint32(attestedFork >> 32), latest.period);
        if (Ssz.hashPair(m.publicKeysRoot, Ssz.publicKeyRoot(m.aggregateKey)) != committeeRoot)
            revert InvalidCommittee();

        uint256 key = _signersKey(m);
        bytes32 forkDataRoot = Ssz.hashPair(bytes32((signatureFork >> 96) << 224), GENESIS_VALIDATORS_ROOT);
        bytes32 domain = bytes32(DOMAIN_SYNC_COMMITTEE) | (forkDataRoot >> 32);
        bytes32 signingRoot = Ssz.hashPair(Ssz.headerRoot(m.attestedHeader, m.attestedSlot), domain);
        if (!Bls12381.verifies(signingRoot, key, m.signature)) revert InvalidSignature();
    }

    /// Rule 9.
    function _signingCommittee(uint256 period, uint256 trustedPeriod) private view returns (bytes32 root) {
        if (period == trustedPeriod) return _committeeRoot;
        if (period != trustedPeriod + 1) revert UnknownPeriod();
        root = _nextCommitteeRoot;
        if (root == EMPTY) revert UnknownPeriod();
    }

    /// Rule 12.
    function _nextCommittee(
        PackedUpdate.Parts memory m,
        uint256 gindex,
        uint256 trustedPeriod
    ) private view returns (bytes32 next) {
        uint256 attestedPeriod = _periodOf(m.attestedSlot);
        if (attestedPeriod != _periodOf(m.signatureSlot)) revert InvalidNextCommittee();
        next = Ssz.hashPair(PackedUpdate.word(m.nextCommittee), Ssz.publicKeyRoot(m.nextCommittee + 32));
        _requireBranch(next, gindex, m.nextCommittee + 80, m.nextNodes, m.attestedState, InvalidNextCommittee.selector);
        if (attestedPeriod != trustedPeriod) return next;
        bytes32 known = _nextCommitteeRoot;
        if (known != EMPTY && known != next) revert InvalidNextCommittee();
    }

    /// Rules 13, for the absentees' keys, to 15.
    /// @return key Memory: the sum of the participants' keys.
    function _signersKey(PackedUpdate.Parts memory m) private view returns (uint256 key) {
        uint256[] memory absent = PackedUpdate.absentMembers(m.bits, COMMITTEE_SIZE);
        uint256 count = absent.length;
        if (3 * (COMMITTEE_SIZE - count) < 2 * uint256(COMMITTEE_SIZE)) revert InsufficientParticipation();
        uint256 end = m.absentees;
        if (count != 0) {
            bytes32 root;
            (root, end) = Ssz.sharedRoot(absent, m.absentees, 96, m.absentees + 96 * count);
            if (root != m.publicKeysRoot) revert InvalidCommittee();
        }
        if (end != m.end) revert Malformed();
        bool ok;
        (ok, key) = Bls12381.subtract(m.aggregateKey, m.absentees, count);
        if (!ok) revert InvalidPublicKey();
    }

    /// Rotates into the next period, and learns the committee after the trusted one.
    /// @return moved Whether it did either.
    function _followCommittees(
        Latest memory latest,
        PackedUpdate.Parts memory m,
        bytes32 next
    ) private returns (bool moved) {
        uint256 finalizedPeriod = _periodOf(m.finalizedSlot);
        bool reachesNext = finalizedPeriod == uint256(latest.period) + 1;
        if (next == 0 && !reachesNext) return false;
        bytes32 known = _nextCommitteeRoot;
        bytes32 following = known;
        if (reachesNext && known != EMPTY) {
            _committeeRoot = known;
            latest.period += 1;
            following = EMPTY;
            moved = true;
        }
        // A period's first block decides about its next committee, and has to be final.
        bool isDecided = finalizedPeriod == latest.period && _periodOf(m.attestedSlot) == finalizedPeriod;
        if (next != 0 && following == EMPTY && isDecided) {
            following = next;
            moved = true;
        }
        if (moved) _nextCommitteeRoot = following;
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
    function _forkAt(uint64 slot, uint256 added) private view returns (uint256) {
        uint256 epoch = slot / SLOTS_PER_EPOCH;
        if (added != 0) {
            uint256 row = _addedForkAt(epoch, added);
            if (row != 0) return row;
        }
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

    /// The last of the rows added that has begun by the epoch, or zero.
    function _addedForkAt(uint256 epoch, uint256 added) private view returns (uint256 row) {
        for (; added != 0; --added) {
            row = _addedForks[added - 1];
            if (row >> 128 <= epoch) return row;
        }
        return 0;
    }

    /// One row of the whole table.
    function _forkRow(uint256 index) private view returns (uint256) {
        uint256[MAX_FORKS] memory known = [FORK_0, FORK_1, FORK_2, FORK_3, FORK_4, FORK_5, FORK_6, FORK_7];
        return index < FORKS ? known[index] : _addedForks[index - FORKS];
    }

    /// Whether every rule has a meaning under these parameters, and storage can hold the state.
    function _isUsable(BeaconState memory s) private pure returns (bool) {
        for (uint256 i = 0; i < s.forks.length; i++) {
            if (!_isUsableFork(s.forks[i])) return false;
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
            s.period < 1 << 48 &&
            s.nextCommitteeRoot != EMPTY;
    }

    function _isUsableFork(Fork memory fork) private pure returns (bool) {
        return
            _isGindex(fork.finalizedRootGindex) &&
            _isGindex(fork.nextSyncCommitteeGindex) &&
            _isGindex(fork.executionBlockHashGindex);
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

    function _isExpired(Latest memory latest) private view returns (bool) {
        return block.timestamp > uint256(latest.timestamp) + TRUSTING_PERIOD;
    }

    /// Takes one path off the rest of a packed proof.
    function _nextPath(bytes calldata rest) private pure returns (bytes calldata path, bytes calldata left) {
        if (rest.length == 0) revert Malformed();
        uint256 size = 2 * uint256(uint8(rest[0]));
        if (size >= rest.length) revert Malformed();
        assembly ("memory-safe") {
            path.offset := add(rest.offset, 1)
            path.length := size
            left.offset := add(path.offset, size)
            left.length := sub(sub(rest.length, size), 1)
        }
    }

    /// What PLACE_SIZE bytes say, which the caller knows to be there.
    function _place(bytes calldata data) private pure returns (ExecutionHeader.Block memory place) {
        assembly ("memory-safe") {
            let word := calldataload(data.offset)
            mstore(place, shr(192, word))
            mstore(add(place, 0x20), and(shr(128, word), 0xffffffffffffffff))
            mstore(add(place, 0x40), calldataload(add(data.offset, 16)))
        }
    }

    /// Rule 3 of state proofs.
    function _requireKnown(ExecutionHeader.Block memory place) private view {
        bytes32 word = _word(place.height, place.timestamp, place.stateRoot);
        if (_ring[place.height % RING_SIZE] != word) revert UnknownHeight();
    }

    /// Rule 4 of state proofs.
    /// @param header Of the older block, `place`.
    /// @return left The paths that are not used yet.
    function _verifyAncestry(
        ExecutionHeader.Block memory place,
        ExecutionHeader.Block memory trusted,
        bytes calldata header,
        uint256 nodes,
        bytes calldata rest
    ) private pure returns (bytes calldata left) {
        if (place.height >= trusted.height || trusted.height - place.height > HISTORY_WINDOW) revert InvalidAncestry();
        bytes calldata path;
        (path, rest) = _nextPath(rest);
        (bool ok, bytes32 value) = _storageRoot(trusted.stateRoot, HISTORY_CONTRACT, nodes, path);
        if (!ok) revert InvalidAncestry();
        (path, left) = _nextPath(rest);
        (ok, value) = _storedWord(value, bytes32(place.height % HISTORY_WINDOW), nodes, path);
        if (!ok || value == 0 || keccak256(header) != value) revert InvalidAncestry();
        uint256 start;
        assembly ("memory-safe") {
            start := header.offset
        }
        ExecutionHeader.Block memory parsed;
        (ok, parsed) = ExecutionHeader.parse(start, header.length);
        if (
            !ok ||
            parsed.height != place.height ||
            parsed.timestamp != place.timestamp ||
            parsed.stateRoot != place.stateRoot
        ) revert InvalidAncestry();
    }

    /// Where an account's storage is rooted; what rules 4 and 5 of state proofs need.
    function _storageRoot(
        bytes32 stateRoot,
        address account,
        uint256 nodes,
        bytes calldata path
    ) private pure returns (bool ok, bytes32 root) {
        bytes32 key = keccak256(abi.encodePacked(account));
        uint256 value;
        uint256 size;
        (ok, value, size) = MerklePatricia.walk(stateRoot, key, nodes, path);
        if (!ok || size == 0) return (false, 0);
        return StorageProof.storageRoot(value, size);
    }

    /// @return ok Whether the path is proven.
    /// @return value Zero when it is empty: no word is stored as zero.
    function _storedWord(
        bytes32 root,
        bytes32 slot,
        uint256 nodes,
        bytes calldata path
    ) private pure returns (bool ok, bytes32 value) {
        bytes32 key = keccak256(abi.encodePacked(slot));
        uint256 position;
        uint256 size;
        (ok, position, size) = MerklePatricia.walk(root, key, nodes, path);
        if (ok && size != 0) return StorageProof.word(position, size);
    }

    /// Rules 6 to 9 of state proofs.
    function _verifyClaim(bytes32 root, Claim calldata claim, uint256 nodes, bytes calldata path) private view {
        bytes32 slot = keccak256(abi.encodePacked(keccak256(claim.path), COMMITMENTS_SLOT));
        (bool ok, bytes32 value) = _storedWord(root, slot, nodes, path);
        if (!ok) revert InvalidStorageProof();
        if (!claim.membership) {
            if (value != 0) revert ValuePresent();
        } else {
            if (value == 0) revert ValueAbsent();
            if (value != claim.value) revert ValueMismatch();
        }
    }

    /// What the ring holds for a height.
    function _word(uint64 height, uint64 timestamp, bytes32 stateRoot) private pure returns (bytes32) {
        bytes32 digest = keccak256(abi.encodePacked(height, timestamp, stateRoot));
        return bytes32(uint256(height) << 192) | (digest >> 64);
    }
}
