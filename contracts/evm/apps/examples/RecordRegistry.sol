// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IMessageApp} from "../../interfaces/IMessageApp.sol";
import {ForeignAccount} from "../../types/ForeignAccount.sol";
import {MessageEnd} from "../base/MessageEnd.sol";
import {MessageSender} from "../base/MessageSender.sol";
import {RecordEvent} from "./RecordWitness.sol";

/// @title Example: anchors documents' hashes here, with a receipt from another chain
/// @notice For offices that share records: who registered what, when, which chain confirmed it, and by which packet. Offices act
/// under addresses of their own, and each has its own records: nobody can take another's.
///
/// Nothing about persons goes on a chain, because nothing there can be erased. A plain hash of a guessable document is such a
/// thing: hash the document together with a random salt, and keep salt and document in the office's own files. Destroying the salt
/// leaves a number that nobody can connect to anybody.
contract RecordRegistry is MessageSender {
    event Asked(address indexed office, bytes32 indexed recordId, RecordEvent what, uint64 sequence);
    event Confirmed(bytes32 indexed recordId, RecordEvent what, uint64 sequence, uint256 chainId, uint256 at);
    event NotConfirmed(bytes32 indexed recordId, RecordEvent what, uint64 sequence);

    error AlreadyConfirmed(bytes32 recordId);
    error StillPending(bytes32 recordId, uint64 sequence);
    error NotRegistered(bytes32 recordId);
    error Revoked(bytes32 recordId);

    enum Receipt {
        None,
        Pending,
        Confirmed
    }

    /// @param at Unix seconds on this chain at which the office said so; zero when it did not.
    /// @param sequence Of the packet that asked the witness, the last one: with `witness().clientId` it names the packet.
    /// @param chainId EIP-155 id of the chain that confirmed it; zero until then.
    /// @param confirmedAt Unix seconds on that chain.
    struct Statement {
        uint64 at;
        uint64 sequence;
        Receipt receipt;
        uint256 chainId;
        uint256 confirmedAt;
    }

    struct Question {
        bytes32 recordId;
        RecordEvent what;
    }

    ForeignAccount private _witness;
    mapping(bytes32 recordId => mapping(RecordEvent => Statement)) private _statements;
    mapping(uint64 sequence => Question) private _questions;

    constructor(IMessageApp messageApp_, ForeignAccount memory witness_) MessageEnd(messageApp_) {
        _witness = witness_;
    }

    /// @notice Registers a document of the calling office; again, when no receipt came: the date stays the first one.
    function register(bytes32 saltedHash, uint64 lifetime) external returns (uint64 sequence) {
        bytes32 recordId = recordIdOf(msg.sender, saltedHash);
        if (_statements[recordId][RecordEvent.Revoked].at != 0) revert Revoked(recordId);
        return _state(recordId, RecordEvent.Registered, lifetime);
    }

    /// @notice Revokes what the calling office registered. Holds here at once, and there when the receipt is back.
    function revoke(bytes32 saltedHash, uint64 lifetime) external returns (uint64 sequence) {
        bytes32 recordId = recordIdOf(msg.sender, saltedHash);
        if (_statements[recordId][RecordEvent.Registered].at == 0) revert NotRegistered(recordId);
        return _state(recordId, RecordEvent.Revoked, lifetime);
    }

    function witness() external view returns (ForeignAccount memory) {
        return _witness;
    }

    function statementOf(bytes32 recordId, RecordEvent what) external view returns (Statement memory) {
        return _statements[recordId][what];
    }

    function recordIdOf(address office, bytes32 saltedHash) public pure returns (bytes32) {
        return keccak256(abi.encode(office, saltedHash));
    }

    function _state(bytes32 recordId, RecordEvent what, uint64 lifetime) private returns (uint64 sequence) {
        Statement storage statement = _statements[recordId][what];
        if (statement.receipt == Receipt.Confirmed) revert AlreadyConfirmed(recordId);
        if (statement.receipt == Receipt.Pending) revert StillPending(recordId, statement.sequence);
        if (statement.at == 0) statement.at = uint64(block.timestamp);
        sequence = _send(_witness, abi.encode(what, recordId), lifetime);
        (statement.sequence, statement.receipt) = (sequence, Receipt.Pending);
        _questions[sequence] = Question(recordId, what);
        emit Asked(msg.sender, recordId, what, sequence);
    }

    function _onAnswer(string calldata clientId, uint64 sequence, bytes calldata answer) internal override {
        if (answer.length != 64) return _onFailure(clientId, sequence, false);
        Question memory question = _takeQuestion(sequence);
        Statement storage statement = _statements[question.recordId][question.what];
        (statement.chainId, statement.confirmedAt) = abi.decode(answer, (uint256, uint256));
        statement.receipt = Receipt.Confirmed;
        emit Confirmed(question.recordId, question.what, sequence, statement.chainId, statement.confirmedAt);
    }

    function _onFailure(string calldata, uint64 sequence, bool) internal override {
        Question memory question = _takeQuestion(sequence);
        _statements[question.recordId][question.what].receipt = Receipt.None;
        emit NotConfirmed(question.recordId, question.what, sequence);
    }

    function _takeQuestion(uint64 sequence) private returns (Question memory question) {
        question = _questions[sequence];
        delete _questions[sequence];
    }
}
