// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IMessageApp} from "../../interfaces/IMessageApp.sol";
import {ForeignAccount} from "../../types/ForeignAccount.sol";
import {MessageEnd} from "../base/MessageEnd.sol";
import {MessageReceiver} from "../base/MessageReceiver.sol";

/// @notice What a registry tells its witness about a record.
enum RecordEvent {
    Registered,
    Revoked
}

/// @title Example: keeps, on a second chain, what registries of other chains say about their records
/// @notice The answer to each message is a receipt: this chain's id, and when it was seen here first. Being told twice changes
/// nothing. A revocation may overtake the registration it revokes, and stands.
contract RecordWitness is MessageReceiver, Ownable {
    event Witnessed(string clientId, string registry, bytes32 indexed recordId, RecordEvent what);

    error UnreadableMessage();

    /// @dev Unix seconds on this chain; zero for what did not happen.
    struct Entry {
        uint64 registeredAt;
        uint64 revokedAt;
    }

    mapping(bytes32 registry => mapping(bytes32 recordId => Entry)) private _entries;

    constructor(IMessageApp messageApp_, address owner) MessageEnd(messageApp_) Ownable(owner) {}

    function accept(ForeignAccount calldata registry) external onlyOwner {
        _accept(registry);
    }

    /// @notice Stops listening to a registry; what it said before stays.
    function drop(ForeignAccount calldata registry) external onlyOwner {
        _drop(registry);
    }

    function entryOf(ForeignAccount calldata registry, bytes32 recordId) external view returns (Entry memory) {
        return _entries[registry.key()][recordId];
    }

    function _onMessage(ForeignAccount memory from, bytes calldata payload) internal override returns (bytes memory) {
        if (payload.length != 64 || uint256(bytes32(payload)) > uint256(type(RecordEvent).max))
            revert UnreadableMessage();
        (RecordEvent what, bytes32 recordId) = abi.decode(payload, (RecordEvent, bytes32));
        Entry storage entry = _entries[from.key()][recordId];
        uint64 seenAt = what == RecordEvent.Registered ? entry.registeredAt : entry.revokedAt;
        if (seenAt == 0) {
            seenAt = uint64(block.timestamp);
            if (what == RecordEvent.Registered) entry.registeredAt = seenAt;
            else entry.revokedAt = seenAt;
            emit Witnessed(from.clientId, from.account, recordId, what);
        }
        return abi.encode(block.chainid, seenAt);
    }
}
