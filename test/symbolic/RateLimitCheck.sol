// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RateLimitExceeded} from "../../contracts/evm/errors/AppErrors.sol";
import {RateLimit} from "../../contracts/evm/apps/transfer/RateLimit.sol";
import {vm} from "../contracts/support/Vm.sol";

/// @title The arithmetic of a limit, for all amounts, all limits and all times before 2106
contract RateLimitCheck {
    using RateLimit for RateLimit.Limit;

    RateLimit.Limit private _limit;

    /// What is consumed was available, is not available any more, and nothing but too much is refused.
    function check_consume(uint112 perDay, uint112 used, uint32 updatedAt, uint32 time, uint256 amount) external {
        vm.assume(updatedAt > 0 && updatedAt <= time);
        _limit = RateLimit.Limit(perDay, used, updatedAt);
        vm.warp(time);
        uint256 free = _limit.available();
        try this.consume(amount) {
            assert(amount <= free);
            assert(_limit.available() == free - amount);
            assert(amount == 0 || _limit.used <= perDay);
        } catch (bytes memory reason) {
            assert(amount > free);
            assert(bytes4(reason) == RateLimitExceeded.selector);
        }
    }

    /// However the limit is changed, what was used stays used.
    function check_set(uint112 perDay, uint112 used, uint32 updatedAt, uint32 time, uint112 next) external {
        vm.assume(updatedAt > 0 && updatedAt <= time);
        _limit = RateLimit.Limit(perDay, used, updatedAt);
        vm.warp(time);
        uint256 free = _limit.available();
        _limit.set(next);
        uint256 after_ = _limit.available();
        assert(after_ <= next);
        // Raised by as much as the limit was, or less when more had been used than the old limit allowed.
        if (next >= perDay) assert(after_ <= free + (next - perDay));
        else assert(after_ <= free);
    }

    /// What was used refills at the limit's pace, and not beyond the limit.
    function check_refill(uint112 perDay, uint112 used, uint32 updatedAt, uint32 time) external {
        vm.assume(updatedAt > 0 && updatedAt <= time && used <= perDay);
        _limit = RateLimit.Limit(perDay, used, updatedAt);
        vm.warp(time);
        uint256 refilled = (uint256(perDay) * (time - updatedAt)) / 86_400;
        uint256 free = uint256(perDay) - used + refilled;
        assert(_limit.available() == (free > perDay ? perDay : free));
    }

    function consume(uint256 amount) external {
        _limit.consume(amount);
    }
}
