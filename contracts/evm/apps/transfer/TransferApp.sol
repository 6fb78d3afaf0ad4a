// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {
    EscrowTooLow,
    InvalidDenom,
    MalformedAcknowledgement,
    MalformedPacketData,
    MemoTooLong,
    ReceiverMissing,
    ReceiverNotAllowed,
    ReceiverTooLong,
    TokenTookFee,
    UnknownDenom,
    ZeroAmount
} from "../../errors/AppErrors.sol";
import {IPacketApp, PacketContext} from "../../interfaces/IPacketApp.sol";
import {IPacketRouter} from "../../interfaces/IPacketRouter.sol";
import {ITransferApp} from "../../interfaces/ITransferApp.sol";
import {UNIVERSAL_ERROR_ACKNOWLEDGEMENT} from "../../store/PacketCommitments.sol";
import {Payload} from "../../types/Packet.sol";
import {HexAddress} from "../encoding/HexAddress.sol";
import {RouterApp} from "../RouterApp.sol";
import {RateLimit} from "./RateLimit.sol";
import {TransferData, TransferDataCodec} from "./TransferData.sol";
import {Voucher} from "./Voucher.sol";

/// @title ICS-20 v2 token transfer
/// @notice Denoms. A local token is `0x` and 40 lower-case digits. A voucher is its trace: each chain a token passes puts
/// `transfer/<its client id>/` in front, and takes it off again when the token goes back.
///
/// What arrives over a light client can only release what was sent over the same light client, and only mint vouchers that
/// name it: a hostile chain behind one light client cannot touch what is held for another. All that moves is read from the
/// committed packet. Tokens are pulled from nobody but the caller of `sendTransfer`.
contract TransferApp is ITransferApp, RouterApp, AccessManaged, ReentrancyGuardTransient {
    using RateLimit for RateLimit.Limit;
    using SafeERC20 for IERC20;

    string private constant PORT = "transfer";
    string private constant VERSION = "ics20-1";
    bytes private constant SUCCESS = '{"result":"AQ=="}';
    uint256 private constant MAX_RECEIVER_BYTES = 2_048;
    uint256 private constant MAX_MEMO_BYTES = 32_768;
    uint256 private constant MAX_DENOM_BYTES = 512;

    address public immutable voucherImplementation;

    /// @inheritdoc ITransferApp
    mapping(address token => bool) public isVoucher;
    mapping(bytes32 hashedTrace => address) private _vouchers;
    mapping(bytes32 hashedClientId => mapping(address token => uint256)) private _escrowed;
    mapping(bytes32 hashedClientId => mapping(address token => RateLimit.Limit)) private _limits;

    constructor(IPacketRouter router_, address authority) RouterApp(router_) AccessManaged(authority) {
        voucherImplementation = address(new Voucher());
    }

    // ------------------------------------------------------------------------------------------------------ sending

    /// @inheritdoc ITransferApp
    /// @dev The lock keeps a token's transfer hook from sending more of it between the two balance readings.
    function sendTransfer(
        string calldata clientId,
        address token,
        uint256 amount,
        string calldata receiver,
        uint64 timeoutTimestamp,
        string calldata memo
    ) external nonReentrant returns (uint64 sequence) {
        if (amount == 0) revert ZeroAmount();
        if (bytes(receiver).length == 0) revert ReceiverMissing();
        if (bytes(receiver).length > MAX_RECEIVER_BYTES)
            revert ReceiverTooLong(bytes(receiver).length, MAX_RECEIVER_BYTES);
        if (bytes(memo).length > MAX_MEMO_BYTES) revert MemoTooLong(bytes(memo).length, MAX_MEMO_BYTES);
        string memory denom = isVoucher[token] ? Voucher(token).trace() : HexAddress.write(token);
        if (_isReturning(bytes(denom), clientId)) Voucher(token).burn(msg.sender, amount);
        else _escrow(clientId, token, amount);

        Payload[] memory payloads = new Payload[](1);
        payloads[0] = Payload(
            PORT,
            PORT,
            VERSION,
            ABI_ENCODING,
            abi.encode(TransferData(denom, HexAddress.write(msg.sender), receiver, amount, memo))
        );
        return router.sendPacket(clientId, timeoutTimestamp, payloads);
    }

    function _escrow(string calldata clientId, address token, uint256 amount) private {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = IERC20(token).balanceOf(address(this)) - before;
        if (arrived != amount) revert TokenTookFee(token, amount, arrived);
        _escrowed[keccak256(bytes(clientId))][token] += amount;
    }

    // ---------------------------------------------------------------------------------------------------- receiving

    /// @inheritdoc IPacketApp
    function onRecvPacket(PacketContext calldata context) external onlyRouter returns (bytes memory) {
        _requirePayload(context.payload, keccak256(bytes(PORT)), keccak256(bytes(VERSION)));
        (bytes calldata denom, , bytes calldata receiverText, uint256 amount) = TransferDataCodec.decode(
            context.payload.value
        );
        if (amount == 0) revert ZeroAmount();
        if (denom.length == 0 || denom.length > MAX_DENOM_BYTES) revert InvalidDenom();
        (bool ok, address receiver) = HexAddress.tryParse(receiverText);
        if (!ok || receiver == address(0) || receiver == address(this)) revert ReceiverNotAllowed(string(receiverText));
        string calldata clientId = context.destClient;
        if (_isReturning(denom, context.sourceClient)) {
            address token = _localToken(denom[_traceLength(context.sourceClient):]);
            _limits[keccak256(bytes(clientId))][token].consume(amount);
            _release(clientId, token, receiver, amount);
        } else {
            Voucher voucher = _voucher(clientId, denom);
            _limits[keccak256(bytes(clientId))][address(voucher)].consume(amount);
            voucher.mint(receiver, amount);
        }
        return SUCCESS;
    }

    function _release(string calldata clientId, address token, address receiver, uint256 amount) private {
        mapping(address => uint256) storage held = _escrowed[keccak256(bytes(clientId))];
        uint256 balance = held[token];
        if (amount > balance) revert EscrowTooLow(clientId, token, balance, amount);
        held[token] = balance - amount;
        IERC20(token).safeTransfer(receiver, amount);
    }

    /// @dev A denom as this chain named it when it sent the token.
    function _localToken(bytes calldata denom) private view returns (address token) {
        bool ok;
        (ok, token) = HexAddress.tryParseLower(denom);
        if (!ok) token = _vouchers[keccak256(denom)];
        if (token == address(0)) revert UnknownDenom(string(denom));
    }

    function _voucher(string calldata clientId, bytes calldata denom) private returns (Voucher) {
        bytes memory trace = _traceOf(clientId, denom);
        bytes32 key = keccak256(trace);
        address voucher = _vouchers[key];
        if (voucher == address(0)) {
            for (uint256 i = 0; i < denom.length; ++i) if (denom[i] <= 0x20 || denom[i] > 0x7e) revert InvalidDenom();
            voucher = Clones.cloneDeterministicWithImmutableArgs(voucherImplementation, trace, key);
            _vouchers[key] = voucher;
            isVoucher[voucher] = true;
            emit VoucherCreated(clientId, voucher, string(trace));
        }
        return Voucher(voucher);
    }

    // ----------------------------------------------------------------------------------------------------- settling

    /// @inheritdoc IPacketApp
    function onAcknowledgementPacket(
        PacketContext calldata context,
        bytes calldata acknowledgement
    ) external onlyRouter {
        if (acknowledgement.length == 32 && bytes32(acknowledgement) == UNIVERSAL_ERROR_ACKNOWLEDGEMENT)
            _refund(context);
        else if (keccak256(acknowledgement) != keccak256(SUCCESS)) revert MalformedAcknowledgement();
    }

    /// @inheritdoc IPacketApp
    function onTimeoutPacket(PacketContext calldata context) external onlyRouter {
        _refund(context);
    }

    function _refund(PacketContext calldata context) private {
        (bytes calldata denom, bytes calldata senderText, , uint256 amount) = TransferDataCodec.decode(
            context.payload.value
        );
        (bool ok, address sender) = HexAddress.tryParseLower(senderText);
        if (!ok) revert MalformedPacketData();
        address token = _localToken(denom);
        if (_isReturning(denom, context.sourceClient)) Voucher(token).mint(sender, amount);
        else _release(context.sourceClient, token, sender, amount);
    }

    // ----------------------------------------------------------------------------------------------- limits and views

    /// @inheritdoc ITransferApp
    function setRateLimit(string calldata clientId, address token, uint112 perDay) external restricted {
        _limits[keccak256(bytes(clientId))][token].set(perDay);
        emit RateLimitSet(clientId, token, perDay);
    }

    /// @inheritdoc ITransferApp
    function removeRateLimit(string calldata clientId, address token) external restricted {
        delete _limits[keccak256(bytes(clientId))][token];
        emit RateLimitRemoved(clientId, token);
    }

    /// @inheritdoc ITransferApp
    function available(string calldata clientId, address token) external view returns (uint256) {
        return _limits[keccak256(bytes(clientId))][token].available();
    }

    /// @inheritdoc ITransferApp
    function escrowed(string calldata clientId, address token) external view returns (uint256) {
        return _escrowed[keccak256(bytes(clientId))][token];
    }

    /// @inheritdoc ITransferApp
    function voucherOf(string calldata clientId, string calldata denom) external view returns (address) {
        bytes memory trace = _traceOf(clientId, bytes(denom));
        return Clones.predictDeterministicAddressWithImmutableArgs(voucherImplementation, trace, keccak256(trace));
    }

    function _traceOf(string calldata clientId, bytes calldata denom) private pure returns (bytes memory) {
        return abi.encodePacked(PORT, "/", clientId, "/", denom);
    }

    /// @dev Size of `transfer/<clientId>/`.
    function _traceLength(string calldata clientId) private pure returns (uint256) {
        return bytes(PORT).length + bytes(clientId).length + 2;
    }

    /// @dev Whether a denom begins with `transfer/<clientId>/`: the token came from where this light client points.
    function _isReturning(bytes memory denom, string calldata clientId) private pure returns (bool) {
        uint256 length = _traceLength(clientId);
        if (denom.length <= length) return false;
        bytes32 start;
        assembly ("memory-safe") {
            start := keccak256(add(denom, 0x20), length)
        }
        return start == keccak256(abi.encodePacked(PORT, "/", clientId, "/"));
    }
}
