// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";

/// @title What a chain's packet store held after each of its blocks
/// @notice Nobody says what it holds: it looks itself, when it is told where to look, and never changes what it saw before.
contract PastStore {
    struct Change {
        uint64 time;
        bytes32 value;
    }

    IPacketRouter private immutable _router;
    mapping(bytes32 hashedPath => Change[]) private _changes;
    /// @notice Unix seconds of the newest block.
    uint64 public latest;

    constructor(IPacketRouter router, uint64 genesis) {
        _router = router;
        latest = genesis;
    }

    /// @notice A block ends. Until then, nothing of it can be proven.
    function seal(uint64 time) external {
        require(time > latest, "blocks have their times in order");
        latest = time;
    }

    /// @notice Something happened to this path in the block that is about to end.
    /// @param time Of that block.
    function look(bytes32 hashedPath, uint64 time) external {
        require(time > latest, "the past stays as it was");
        _changes[hashedPath].push(Change(time, _router.getCommitment(hashedPath)));
    }

    /// @notice What the path held after the newest block that is not younger than `time`.
    function valueAt(bytes32 hashedPath, uint64 time) external view returns (bytes32) {
        Change[] storage changes = _changes[hashedPath];
        for (uint256 i = changes.length; i > 0; --i) if (changes[i - 1].time <= time) return changes[i - 1].value;
        return 0;
    }
}
