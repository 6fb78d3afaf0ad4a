// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Role ids of the access manager
/// @notice Relaying, updating light clients, creating them and sending are open to everyone and need no role.
library Roles {
    /// @dev AccessManager's own ADMIN_ROLE. Held with an execution delay: un-pausing, roles and delays, and whatever nobody
    /// else was given, like the fork tables of light clients, which are created when all of this is set up already.
    uint64 internal constant ADMIN = 0;
    /// @dev Pauses at once.
    uint64 internal constant GUARDIAN = 1;
    /// @dev Replaces the light client behind a client id, with an execution delay.
    uint64 internal constant CLIENT_ADMIN = 2;
    /// @dev Binds applications to free ports, with an execution delay.
    uint64 internal constant PORT_ADMIN = 3;
    /// @dev Sets and lifts the transfer application's limits.
    uint64 internal constant RATE_LIMITER = 4;
}
