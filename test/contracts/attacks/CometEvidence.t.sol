// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {vm} from "../support/Vm.sol";
import {CometVectors} from "./support/CometVectors.sol";

/// @title What made others lose money, as evidence about a CometBFT chain
/// @notice test/vectors/attacks.json says which vectors an attack is made of; test/unit/cosmos/verify/incidents.test.ts has the
/// same ones judged in TypeScript. Each is refused for the reason that the vector names.
contract CometEvidenceTest is CometVectors {
    /// @dev Wormhole, February 2022: signatures were "verified" by an account that the attacker had made.
    function test_Incident2_WhatTheValidatorsNeverSigned() public {
        refusesAll("cometForgeries");
    }

    /// @dev Nomad, August 2022: the zero root had been confirmed by an upgrade, and every message was under it.
    function test_Incident4_ZerosOfACometChainProveNothing() public {
        refusesAll("cometZeros");
    }

    /// @dev BNB bridge, October 2022: a node of an IAVL tree had both of its sides, of which only one was hashed.
    function test_Incident5_ANodeHasOneSiblingAndOneForm() public {
        refusesAll("bothChildren");
    }

    /// @dev Dragonberry, October 2022: absence was proven by keys that were no neighbours.
    function test_Incident6_NeighboursAreNeighbours() public {
        refusesAll("dragonberry");
    }

    /// @dev ISA-2025-001: acknowledgements that different nodes decoded differently.
    function test_Incident8_NoProtobufHasTwoReadings() public {
        refusesAll("cometReadings");
    }

    /// @dev Hyperbridge, April 2026: an old proof, replayed with the body of a new request.
    function test_Incident14_AStateProofIsForWhatItProved() public {
        refusesAll("ics23Replays");
    }

    /// @dev tendermint-rs ISA-2025-003: one validator's vote was counted as often as it was in the commit.
    function test_Incident15_AVoteCountsOnceAndInItsPlace() public {
        refusesAll("doubleVotes");
    }

    /// @dev Secret, June 2026: a token was accepted from the attacker's own chain of one validator.
    function test_Incident19_OthersValidatorsAreNobody() public {
        refusesAll("hostileValidators");
    }

    /// @dev WeCross, Hermes, Wormhole: verification that was quietly absent. Parameters under which a rule would mean nothing.
    function test_Incident24_ACometLightClientThatCouldVerifyNothingIsNotMade() public {
        refusesAll("failOpen");
    }

    /// @dev Hermes #2180; Eureka's `misbehaviour_breaking_time_monotonicity`.
    function test_Incident25_ClocksOfACometChainOnlyGoForward() public {
        refusesAll("cometClocks");
    }

    function test_AFrozenCometClientStaysFrozen() public {
        refusesAll("cometFrozen");
    }

    /// @dev Else all of the above would prove little.
    function test_WhatIsTrueIsAccepted() public {
        string[] memory all = names();
        uint256 accepted = 0;
        for (uint256 i = 0; i < all.length; ++i) {
            Vector memory v = vector(all[i]);
            if (!isSeen(v) || !vm.keyExistsJson(v.json, ".expect.state")) continue;
            accepts(all[i]);
            ++accepted;
        }
        isTrue(accepted > 60, "accepted ones");
    }
}
