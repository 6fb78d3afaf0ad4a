// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IMessageApp} from "../../interfaces/IMessageApp.sol";
import {evmAccount, ForeignAccount} from "../../types/ForeignAccount.sol";
import {MessageEnd} from "../base/MessageEnd.sol";
import {MessageReceiver} from "../base/MessageReceiver.sol";
import {MessageSender} from "../base/MessageSender.sol";

/// @title Example: a counter that counts on another chain, and learns what the count is there
/// @notice One of these on each chain, connected to the other by its owner. `increment` here adds to `count` there; the answer
/// makes it `known` here. Answers arrive in any order, and a count only grows: the highest is the newest.
contract CrossChainCounter is MessageReceiver, MessageSender, Ownable {
    event Incremented(string clientId, uint256 by, uint256 count);
    event Learned(string clientId, uint64 sequence, uint256 count);
    event NotCounted(string clientId, uint64 sequence, bool timeoutPassed);

    error NotConnected(string clientId);
    error NothingToAdd();
    error UnreadableMessage(uint256 size);

    /// @notice What counters of other chains have added here.
    uint256 public count;
    /// @notice The highest count that the counter behind a client id has answered with.
    mapping(string clientId => uint256) public known;
    /// @notice How many increments were refused or timed out there: they did not count, and may be sent again.
    mapping(string clientId => uint256) public failed;
    mapping(string clientId => address) public counterOf;

    constructor(IMessageApp messageApp_, address owner) MessageEnd(messageApp_) Ownable(owner) {}

    /// @notice Believes the counter at an address behind a client id, and no other there.
    function connect(string calldata clientId, address counter) external onlyOwner {
        address previous = counterOf[clientId];
        if (previous != address(0)) _drop(evmAccount(clientId, previous));
        counterOf[clientId] = counter;
        _accept(evmAccount(clientId, counter));
    }

    /// @param lifetime Seconds until the increment times out.
    function increment(string calldata clientId, uint64 by, uint64 lifetime) external returns (uint64 sequence) {
        address counter = counterOf[clientId];
        if (counter == address(0)) revert NotConnected(clientId);
        return _send(evmAccount(clientId, counter), abi.encode(by), lifetime);
    }

    /// @dev On the chain that counts. `abi.decode` of a wrong size would give no reason, and one is needed to refuse.
    function _onMessage(ForeignAccount memory from, bytes calldata payload) internal override returns (bytes memory) {
        if (payload.length != 32) revert UnreadableMessage(payload.length);
        uint256 by = abi.decode(payload, (uint256));
        if (by == 0) revert NothingToAdd();
        count += by;
        emit Incremented(from.clientId, by, count);
        return abi.encode(count);
    }

    /// @dev Back on the chain that asked. Whatever is there is no counter when it answers with something else; reverting would
    /// only have the answer brought again.
    function _onAnswer(string calldata clientId, uint64 sequence, bytes calldata answer) internal override {
        if (answer.length != 32) return _onFailure(clientId, sequence, false);
        uint256 counted = abi.decode(answer, (uint256));
        if (counted > known[clientId]) known[clientId] = counted;
        emit Learned(clientId, sequence, counted);
    }

    function _onFailure(string calldata clientId, uint64 sequence, bool timeoutPassed) internal override {
        ++failed[clientId];
        emit NotCounted(clientId, sequence, timeoutPassed);
    }
}
