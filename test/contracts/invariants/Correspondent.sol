// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IMessageApp} from "../../../contracts/evm/interfaces/IMessageApp.sol";
import {IMessageReceiver} from "../../../contracts/evm/interfaces/IMessageReceiver.sol";
import {IMessageSender} from "../../../contracts/evm/interfaces/IMessageSender.sol";

/// @title Writes and receives messages, and counts how often it was called about each
/// @notice A message that begins with "r" is refused with a reason, one that begins with "q" without.
contract Correspondent is IMessageReceiver, IMessageSender {
    error CallerIsNotMessageApp(address caller);
    error Refused(bytes message);

    IMessageApp private immutable _app;
    mapping(bytes32 clientAndMessage => uint256) private _deliveries;
    mapping(bytes32 clientAndSequence => uint256) private _results;
    uint256 public calls;

    modifier onlyMessageApp() {
        if (msg.sender != address(_app)) revert CallerIsNotMessageApp(msg.sender);
        _;
    }

    constructor(IMessageApp app) {
        _app = app;
        app.subscribeToResults(true);
    }

    function write(
        string calldata clientId,
        string calldata receiver,
        bytes calldata message,
        uint64 timeoutTimestamp
    ) external {
        _app.sendMessage(clientId, receiver, message, timeoutTimestamp);
    }

    function onMessage(
        string calldata clientId,
        string calldata,
        bytes calldata message
    ) external onlyMessageApp returns (bytes memory) {
        if (message[0] == "r") revert Refused(message);
        if (message[0] == "q")
            assembly ("memory-safe") {
                revert(0, 0)
            }
        ++calls;
        ++_deliveries[keccak256(abi.encode(clientId, message))];
        return "read";
    }

    function onMessageResult(string calldata clientId, uint64 sequence, bool, bytes calldata) external onlyMessageApp {
        ++calls;
        ++_results[keccak256(abi.encode(clientId, sequence))];
    }

    function deliveries(string calldata clientId, bytes calldata message) external view returns (uint256) {
        return _deliveries[keccak256(abi.encode(clientId, message))];
    }

    function results(string calldata clientId, uint64 sequence) external view returns (uint256) {
        return _results[keccak256(abi.encode(clientId, sequence))];
    }
}
