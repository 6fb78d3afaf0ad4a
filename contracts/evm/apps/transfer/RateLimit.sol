// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RateLimitExceeded} from "../../errors/AppErrors.sol";

/// @title A limit on value per day that refills continuously, in one slot
library RateLimit {
    /// @param updatedAt Unix seconds; zero while no limit was set.
    struct Limit {
        uint112 perDay;
        uint112 used;
        uint32 updatedAt;
    }

    /// @notice Starts or changes a limit; what was used of an earlier one stays used.
    function set(Limit storage limit, uint112 perDay) internal {
        limit.used = _used(limit);
        limit.perDay = perDay;
        limit.updatedAt = uint32(block.timestamp);
    }

    /// @notice Uses up part of the limit, or reverts. Without a limit everything passes.
    function consume(Limit storage limit, uint256 amount) internal {
        if (limit.updatedAt == 0) return;
        uint256 free = available(limit);
        if (amount > free) revert RateLimitExceeded(amount, free);
        limit.used = _used(limit) + uint112(amount);
        limit.updatedAt = uint32(block.timestamp);
    }

    function available(Limit storage limit) internal view returns (uint256) {
        if (limit.updatedAt == 0) return type(uint256).max;
        uint112 used = _used(limit);
        return used < limit.perDay ? limit.perDay - used : 0;
    }

    function _used(Limit storage limit) private view returns (uint112) {
        uint256 refilled = (uint256(limit.perDay) * (block.timestamp - limit.updatedAt)) / 1 days;
        return refilled < limit.used ? limit.used - uint112(refilled) : 0;
    }
}
