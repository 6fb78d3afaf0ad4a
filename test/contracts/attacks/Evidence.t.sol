// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Malformed} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {BeaconLightClient} from "../../../contracts/evm/light-clients/BeaconLightClient.sol";
import {BeaconState, Fork} from "../../../contracts/evm/light-clients/BeaconState.sol";
import {Shipped} from "../support/Shipped.sol";
import {vm} from "../support/Vm.sol";
import {BeaconVectors} from "./support/BeaconVectors.sol";

/// @title What made others lose money, as evidence about an Ethereum chain
/// @notice test/vectors/attacks.json says which vectors an attack is made of; test/unit/evm/verify/incidents.test.ts has the
/// same ones judged in TypeScript. Each is refused for the reason that the vector names.
contract EvidenceTest is BeaconVectors {
    /// @dev Wormhole, February 2022: signatures were "verified" by an account that the attacker had made.
    function test_Incident2_WhatWasNeverSignedByThoseWhoAreTrusted() public {
        refusesAll("forgeries");
    }

    /// @dev Nomad, August 2022: the zero root had been confirmed by an upgrade, and every message was under it.
    function test_Incident4_ZerosProveNothing() public {
        refusesAll("zeros");
    }

    /// @dev BNB bridge, October 2022: a node had both of its sides, of which only one was hashed; the block was years old.
    function test_Incident5_EveryByteIsHashedAndOldBlocksAreGone() public {
        refusesAll("halfHashed");
    }

    /// @dev ISA-2025-001: acknowledgements that different nodes decoded differently.
    function test_Incident8_NothingHasTwoReadings() public {
        refusesAll("twoReadings");
    }

    /// @dev safe-crosschain #4: an exclusion proof was valid when it was empty.
    function test_Incident9_NothingIsNoProofOfAbsence() public {
        refusesAll("absence");
    }

    /// @dev polkadot-sdk #11739: a path that proved exclusion was accepted as inclusion.
    function test_ExclusionIsNotInclusion() public {
        refusesAll("exclusion");
    }

    /// @dev Hyperbridge, April 2026: an old proof, replayed with the body of a new request.
    function test_Incident14_AnOldProofIsForWhatItProved() public {
        refusesAll("replays");
    }

    /// @dev rs-merkle #52, solidity-merkle-trees #57, Hyperbridge #1069: repeated indices, items left over, proofs for another chain.
    function test_Incident15_NothingIsLeftOverOrRepeated() public {
        refusesAll("leftovers");
    }

    /// @dev Snowbridge: padding bits of a bitfield were free for the attacker to choose; one validator took many seats.
    function test_Incident22_EveryBitIsASeat() public {
        refusesAll("padding");
    }

    /// @dev Snowbridge #1798: one short proof was valid at 256 places of a tree.
    function test_Incident22_ABranchIsValidInOnePlace() public {
        refusesAll("aliases");
    }

    /// @dev Hyperbridge #1089: the height advanced, and the authorities that had to follow were held back.
    function test_TheHeightDoesNotLeaveTheCommitteesBehind() public {
        refusesAll("heldBack");
    }

    /// @dev Hermes #2180; Eureka's `misbehaviour_breaking_time_monotonicity`.
    function test_Incident25_ClocksOnlyGoForward() public {
        refusesAll("clocks");
    }

    /// @dev WeCross, Hermes, Wormhole: verification that was quietly absent. Parameters under which a rule would mean nothing.
    function test_Incident24_ALightClientThatCouldVerifyNothingIsNotMade() public {
        bytes memory trusted = vector("update-finality").trusted;
        BeaconState memory state;
        _cannotBeMade(bytes.concat(trusted, hex"00"), "a byte more");
        uint64[4] memory sizes = [uint64(0), 4, 24, 1024];
        for (uint256 i = 0; i < sizes.length; ++i) {
            state = _state(trusted);
            state.committeeSize = sizes[i];
            _cannotBeMade(abi.encode(state), "a committee of no such size");
        }
        state = _state(trusted);
        state.slotsPerEpoch = 0;
        _cannotBeMade(abi.encode(state), "epochs of no slots");
        state = _state(trusted);
        state.epochsPerPeriod = 0;
        _cannotBeMade(abi.encode(state), "periods of no epochs");
        state = _state(trusted);
        state.ring = new bytes32[](60);
        _cannotBeMade(abi.encode(state), "a place missing");
        state = _state(trusted);
        Fork memory row = state.forks[0];
        state.forks = new Fork[](9);
        for (uint256 i = 0; i < 9; ++i) state.forks[i] = row;
        _cannotBeMade(abi.encode(state), "more forks than there is room for");
        uint32[3] memory gindices = [uint32(0), 1, 1 << 17];
        for (uint256 i = 0; i < gindices.length; ++i)
            for (uint256 j = 0; j < 3; ++j) {
                state = _state(trusted);
                if (j == 0) state.forks[0].finalizedRootGindex = gindices[i];
                else if (j == 1) state.forks[0].nextSyncCommitteeGindex = gindices[i];
                else state.forks[0].executionBlockHashGindex = gindices[i];
                _cannotBeMade(abi.encode(state), "a branch of no nodes, or of more than there can be");
            }
        Shipped.beaconLightClient(abi.encode(_state(trusted)), address(this));
    }

    function _state(bytes memory trusted) private pure returns (BeaconState memory) {
        return abi.decode(trusted, (BeaconState));
    }

    /// @dev A call of its own, so that what the constructor reverts with can be caught.
    function make(bytes memory trusted) external {
        Shipped.beaconLightClient(trusted, address(this));
    }

    function _cannotBeMade(bytes memory trusted, string memory why) private {
        try this.make(trusted) {
            revert NotTrue(why);
        } catch (bytes memory reason) {
            equal(reason, abi.encodePacked(Malformed.selector), why);
        }
    }

    function test_FrozenMeansFrozen() public {
        refusesAll("frozen");
    }

    /// @dev Else all of the above would prove little.
    function test_WhatIsTrueIsAccepted() public {
        string[22] memory names = [
            "update-finality",
            "update-absentees",
            "update-512",
            "update-older-height",
            "update-rotation-next-committee",
            "update-signed-by-next-committee",
            "update-known-height-new-committee",
            "update-two-in-order",
            "update-gloas",
            "update-across-gloas",
            "update-through-three-forks",
            "misbehaviour-same-slot",
            "misbehaviour-same-height",
            "membership",
            "membership-and-absence",
            "membership-leading-zeros",
            "membership-embedded-leaf",
            "membership-one-leaf",
            "membership-odd-path",
            "absence",
            "absence-in-empty-store",
            "ancestry"
        ];
        for (uint256 i = 0; i < names.length; ++i) accepts(names[i]);
    }
}
