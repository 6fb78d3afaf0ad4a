// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    ClientExpired,
    ClientFrozen,
    FutureHeader,
    HeightOrder,
    InvalidHeaderHash,
    InvalidSignature,
    InvalidStorageProof,
    InvalidStoreProof,
    InvalidValidators,
    Malformed,
    NoConflict,
    NonMonotonicTime,
    StaleHeader,
    TrustedHeaderExpired,
    UnknownHeight,
    UntrustedValidators,
    ValueAbsent,
    ValueMismatch,
    ValuePresent,
    WrongChain
} from "../../errors/VerificationErrors.sol";
import {IEd25519Verifier} from "../../interfaces/IEd25519Verifier.sol";
import {Claim, ClientStatus, ILightClient, UpdateResult} from "../../interfaces/ILightClient.sol";
import {Form, Ics23} from "../../libraries/Ics23.sol";
import {CometState, ConsensusState} from "./CometState.sol";
import {CommitVotes} from "./CommitVotes.sol";
import {HeaderHash} from "./HeaderHash.sol";
import {PackedHeader} from "./PackedHeader.sol";
import {Revision} from "./Revision.sol";
import {ValidatorSet} from "./ValidatorSet.sol";

/// @title Light client of an ibc-go chain, by the commits of its CometBFT validators
/// @notice The rules, their order and their reasons are those of adapters/cosmos/verify/README.md; PackedHeader.sol says what a
/// client message looks like. All times are nanoseconds.
contract CometLightClient is ILightClient {
    uint256 private constant RING_SIZE = 64;
    uint256 private constant NANOS = 1e9;
    /// ibc-go's store: the whole of the prefix but its last, empty element.
    bytes32 private constant STORE = keccak256("ibc");

    bytes32 private immutable CHAIN_ID_HASH;
    bytes32 private immutable CHAIN_ID_LEAF;
    uint64 private immutable REVISION;
    uint64 private immutable TRUST_LEVEL_NUMERATOR;
    uint64 private immutable TRUST_LEVEL_DENOMINATOR;
    uint64 private immutable TRUSTING_PERIOD;
    uint64 private immutable UNBONDING_PERIOD;
    uint64 private immutable MAX_CLOCK_DRIFT;
    /// @notice Whoever relies on the light client has to look at it: it decides which signatures count.
    IEd25519Verifier public immutable verifier;

    /// What moves with every update, in one slot.
    struct Latest {
        uint64 height;
        uint64 timestamp;
        /// Where the next consensus state goes, and how many there are.
        uint8 next;
        uint8 count;
        bool frozen;
    }

    Latest private _latest;
    /// In the order of arrival, which is that of their heights.
    ConsensusState[RING_SIZE] private _ring;
    string private _chainId;

    /// @param trustedState Canonical; see adapters/cosmos/verify/trusted-state.ts. Whoever uses the client must have checked it.
    /// @param verifier_ Of the signatures: Ed25519Verifier, or one that uses what the chain has of its own.
    constructor(bytes memory trustedState, IEd25519Verifier verifier_) {
        CometState memory s = abi.decode(trustedState, (CometState));
        if (keccak256(abi.encode(s)) != keccak256(trustedState) || !_isUsable(s)) revert Malformed();
        if (address(verifier_).code.length == 0) revert Malformed();

        CHAIN_ID_HASH = keccak256(bytes(s.chainId));
        CHAIN_ID_LEAF = HeaderHash.leafOfChainId(s.chainId);
        REVISION = Revision.read(s.chainId);
        TRUST_LEVEL_NUMERATOR = s.trustLevelNumerator;
        TRUST_LEVEL_DENOMINATOR = s.trustLevelDenominator;
        TRUSTING_PERIOD = s.trustingPeriod;
        UNBONDING_PERIOD = s.unbondingPeriod;
        MAX_CLOCK_DRIFT = s.maxClockDrift;
        verifier = verifier_;

        _chainId = s.chainId;
        uint256 count = s.consensusStates.length;
        ConsensusState memory last = s.consensusStates[count - 1];
        // Empty places are not zero, so that no update pays for new slots; and validators seldom change.
        ConsensusState memory empty = ConsensusState(0, 1, bytes32(uint256(1)), last.nextValidatorsHash);
        for (uint256 i = 0; i < RING_SIZE; ++i) _ring[i] = i < count ? s.consensusStates[i] : empty;
        _latest = Latest(last.height, last.timestamp, uint8(count % RING_SIZE), uint8(count), s.frozen);
    }

    /// @inheritdoc ILightClient
    function update(bytes calldata clientMessage) external returns (UpdateResult) {
        (PackedHeader.Parts memory p, Latest memory latest) = _read(clientMessage);
        uint64 timestamp = PackedHeader.timestamp(p);
        (bool isKnown, bool agrees) = _compare(latest, p, timestamp);
        if (isKnown) return UpdateResult.NoOp;
        ConsensusState storage trusted = _trusted(latest, p);
        if (timestamp <= trusted.timestamp) revert NonMonotonicTime();
        if (timestamp >= _now() + MAX_CLOCK_DRIFT) revert FutureHeader();
        if (agrees && p.height < latest.height) revert StaleHeader();
        _judge(p, trusted.nextValidatorsHash, p.height == trusted.height + 1);
        if (!agrees) {
            _latest.frozen = true;
            emit ClientFrozenByMisbehaviour(p.height);
            return UpdateResult.Misbehaviour;
        }
        _ring[latest.next] = ConsensusState(p.height, timestamp, p.appHash, p.nextValidatorsHash);
        latest.height = p.height;
        latest.timestamp = timestamp;
        latest.next = uint8((latest.next + 1) % RING_SIZE);
        if (latest.count < RING_SIZE) latest.count += 1;
        _latest = latest;
        emit ClientUpdated(p.height, uint64(timestamp / NANOS), p.appHash);
        return UpdateResult.Updated;
    }

    /// @inheritdoc ILightClient
    /// @dev Packed: the first header's length in four bytes, the first header, the second header.
    function reportMisbehaviour(bytes calldata evidence) external {
        if (evidence.length < 4) revert Malformed();
        uint256 middle = 4 + uint256(uint32(bytes4(evidence[:4])));
        if (middle > evidence.length) revert Malformed();
        PackedHeader.Parts memory one = _judgeAlone(evidence[4:middle]);
        PackedHeader.Parts memory two = _judgeAlone(evidence[middle:]);
        bool contradict =
            one.height == two.height
                ? one.blockHash != two.blockHash
                : one.height > two.height && PackedHeader.timestamp(one) <= PackedHeader.timestamp(two);
        if (!contradict) revert NoConflict();
        _latest.frozen = true;
        emit ClientFrozenByMisbehaviour(one.height);
    }

    /// @inheritdoc ILightClient
    /// @dev Packed: height 8 | root of the store 32 | its steps | for each claim, 0 and an existence, or an absence, which begins
    /// with 1, 2 or 3 (Ics23.sol).
    function verify(
        bytes[] calldata prefix,
        Claim[] calldata claims,
        bytes calldata proof
    ) external view returns (uint64) {
        if (proof.length < 40) revert Malformed();
        uint256 position;
        assembly ("memory-safe") {
            position := proof.offset
        }
        uint256 end = position + proof.length;
        Latest memory latest = _requireActive();
        ConsensusState storage state = _heldAt(latest, uint64(PackedHeader.number(position, 8)));
        bytes32 root = bytes32(PackedHeader.number(position + 8, 32));
        bool ok;
        bytes32 appHash;
        (ok, appHash, position) = Ics23.storeExistence(root, position + 40);
        if (prefix.length != 1 || keccak256(prefix[0]) != STORE || !ok || appHash != state.appHash) {
            revert InvalidStoreProof();
        }
        for (uint256 i = 0; i < claims.length; ++i) position = _verifyClaim(root, claims[i], position, end);
        if (position != end) revert Malformed();
        return uint64(state.timestamp / NANOS);
    }

    /// @inheritdoc ILightClient
    function status() external view returns (ClientStatus) {
        Latest memory latest = _latest;
        if (latest.frozen) return ClientStatus.Frozen;
        return _isExpired(latest.timestamp) ? ClientStatus.Expired : ClientStatus.Active;
    }

    /// @inheritdoc ILightClient
    function clientState() external view returns (bytes memory) {
        Latest memory latest = _latest;
        ConsensusState[] memory states = new ConsensusState[](latest.count);
        for (uint256 i = 0; i < latest.count; ++i) states[i] = _ring[_place(latest, i)];
        return
            abi.encode(
                CometState(
                    _chainId,
                    TRUST_LEVEL_NUMERATOR,
                    TRUST_LEVEL_DENOMINATOR,
                    TRUSTING_PERIOD,
                    UNBONDING_PERIOD,
                    MAX_CLOCK_DRIFT,
                    latest.frozen,
                    states
                )
            );
    }

    /// @inheritdoc ILightClient
    function clientType() external pure returns (string memory) {
        return "cometbft";
    }

    /// Rules 1 to 5.
    function _read(bytes calldata message) private view returns (PackedHeader.Parts memory p, Latest memory latest) {
        p = PackedHeader.locate(message, CHAIN_ID_HASH);
        CommitVotes.checkForm(p);
        latest = _requireActive();
        if (keccak256(p.chainId) != CHAIN_ID_HASH) revert WrongChain();
    }

    /// Rules 7 to 9: what the header builds on.
    function _trusted(
        Latest memory latest,
        PackedHeader.Parts memory p
    ) private view returns (ConsensusState storage trusted) {
        if (p.trustedRevision != REVISION) revert UnknownHeight();
        trusted = _heldAt(latest, p.trustedHeight);
        if (p.height <= trusted.height) revert HeightOrder();
        if (_isExpired(trusted.timestamp)) revert TrustedHeaderExpired();
    }

    /// Rules 13 to 21.
    function _judge(PackedHeader.Parts memory p, bytes32 named, bool isAdjacent) private view {
        (bytes32 root, uint256 power) = ValidatorSet.hash(p.validators, p.validatorCount);
        (bytes32 trustedRoot, uint256 trustedPower) = p.trustedCount == 0
            ? (root, power)
            : ValidatorSet.hash(p.trustedValidators, p.trustedCount);
        if (trustedRoot != named) revert UntrustedValidators();
        if (root != p.validatorsHash) revert InvalidValidators();
        if (isAdjacent && root != named) revert UntrustedValidators();
        if (HeaderHash.compute(p, CHAIN_ID_LEAF) != p.blockHash) revert InvalidHeaderHash();
        CommitVotes.Threshold memory trusted;
        if (!isAdjacent) {
            trusted = CommitVotes.Threshold(TRUST_LEVEL_DENOMINATOR, trustedPower * TRUST_LEVEL_NUMERATOR);
        }
        CommitVotes.count(p, CommitVotes.Threshold(3, power * 2), trusted);
        if (!verifier.verify(CommitVotes.batch(p))) revert InvalidSignature();
    }

    /// A header of a report.
    function _judgeAlone(bytes calldata message) private view returns (PackedHeader.Parts memory p) {
        Latest memory latest;
        (p, latest) = _read(message);
        _judge(p, _trusted(latest, p).nextValidatorsHash, false);
    }

    /// @return isKnown Rule 6.
    /// @return agrees Rule 22: nothing held contradicts the header.
    function _compare(
        Latest memory latest,
        PackedHeader.Parts memory p,
        uint64 timestamp
    ) private view returns (bool isKnown, bool agrees) {
        if (p.height > latest.height) return (false, latest.timestamp < timestamp);
        uint256 index = _search(latest, p.height);
        ConsensusState storage above = _ring[_place(latest, index)];
        if (above.height == p.height) {
            isKnown =
                above.timestamp == timestamp &&
                above.appHash == p.appHash &&
                above.nextValidatorsHash == p.nextValidatorsHash;
            return (isKnown, isKnown);
        }
        agrees = above.timestamp > timestamp && (index == 0 || _ring[_place(latest, index - 1)].timestamp < timestamp);
    }

    function _heldAt(Latest memory latest, uint64 height) private view returns (ConsensusState storage state) {
        if (height > latest.height) revert UnknownHeight();
        state = _ring[_place(latest, height == latest.height ? latest.count - 1 : _search(latest, height))];
        if (state.height != height) revert UnknownHeight();
    }

    /// The oldest consensus state whose height is not below the one given, which is not above the latest.
    function _search(Latest memory latest, uint64 height) private view returns (uint256 index) {
        uint256 high = latest.count - 1;
        while (index < high) {
            uint256 middle = (index + high) / 2;
            if (_ring[_place(latest, middle)].height < height) index = middle + 1;
            else high = middle;
        }
    }

    /// Where in the ring a consensus state is, counted from the oldest.
    function _place(Latest memory latest, uint256 index) private pure returns (uint256) {
        return (latest.next + RING_SIZE - latest.count + index) % RING_SIZE;
    }

    /// Rules 5 to 9 of state proofs.
    function _verifyClaim(
        bytes32 root,
        Claim calldata claim,
        uint256 position,
        uint256 end
    ) private view returns (uint256 next) {
        uint256 kind = PackedHeader.number(position, 1);
        if (position >= end || kind > 3) revert Malformed();
        bool ok;
        bytes32 found;
        if (kind != 0) {
            (ok, found, next) = Ics23.absence(Form.Iavl, position, claim.path);
            if (!ok || found != root || next > end) revert InvalidStorageProof();
            if (claim.membership) revert ValueAbsent();
            return next;
        }
        uint256 value;
        uint256 size;
        (ok, found, value, size, next) = Ics23.existence(Form.Iavl, position + 1, claim.path);
        if (!ok || found != root || next > end) revert InvalidStorageProof();
        if (!claim.membership) revert ValuePresent();
        if (size != 32 || bytes32(PackedHeader.number(value, 32)) != claim.value) revert ValueMismatch();
    }

    /// Rules 3 and 4.
    function _requireActive() private view returns (Latest memory latest) {
        latest = _latest;
        if (latest.frozen) revert ClientFrozen();
        if (_isExpired(latest.timestamp)) revert ClientExpired();
    }

    function _isExpired(uint64 timestamp) private view returns (bool) {
        return _now() >= uint256(timestamp) + TRUSTING_PERIOD;
    }

    function _now() private view returns (uint256) {
        return block.timestamp * NANOS;
    }

    /// Whether every rule has a meaning under the state.
    function _isUsable(CometState memory s) private pure returns (bool) {
        bytes memory chainId = bytes(s.chainId);
        if (chainId.length == 0 || chainId.length > 50) return false;
        for (uint256 i = 0; i < chainId.length; ++i) {
            if (uint8(chainId[i]) < 0x20 || uint8(chainId[i]) > 0x7e) return false;
        }
        uint256 count = s.consensusStates.length;
        if (count == 0 || count > RING_SIZE) return false;
        for (uint256 i = 0; i < count; ++i) {
            ConsensusState memory held = s.consensusStates[i];
            if (held.height == 0 || held.height >= 1 << 63 || held.appHash == 0 || held.nextValidatorsHash == 0) {
                return false;
            }
            if (i == 0) continue;
            ConsensusState memory before = s.consensusStates[i - 1];
            if (held.height <= before.height || held.timestamp <= before.timestamp) return false;
        }
        return
            s.trustLevelDenominator > 0 &&
            uint256(s.trustLevelNumerator) * 3 >= s.trustLevelDenominator &&
            s.trustLevelNumerator <= s.trustLevelDenominator &&
            s.trustingPeriod > 0 &&
            s.trustingPeriod < s.unbondingPeriod &&
            s.maxClockDrift > 0;
    }
}
