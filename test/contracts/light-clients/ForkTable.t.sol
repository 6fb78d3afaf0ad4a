// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ForkNotLater, ForkUnusable, TooManyForks} from "../../../contracts/evm/errors/LightClientErrors.sol";
import {Malformed} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {BeaconLightClient} from "../../../contracts/evm/light-clients/BeaconLightClient.sol";
import {BeaconState, Fork} from "../../../contracts/evm/light-clients/BeaconState.sol";
import {Expect} from "../support/Expect.sol";
import {Shipped} from "../support/Shipped.sol";
import {vm} from "../support/Vm.sol";
import {BeaconStates} from "./support/BeaconStates.sol";

/// @title The fork table only grows, at its end, and never under a header that was accepted
/// @dev What a row does to the verdict about an update: test/property/forks.test.ts.
contract ForkTableTest is Expect {
    uint64 private constant NOW = 1000;
    AccessManager private _manager;

    function setUp() public {
        vm.warp(1_800_000_000);
        _manager = Shipped.accessManager(address(this));
    }

    function _client(uint64[] memory epochs) private returns (BeaconLightClient) {
        bytes memory state = abi.encode(BeaconStates.finalizedIn(NOW, BeaconStates.rows(epochs)));
        return Shipped.beaconLightClient(state, address(_manager));
    }

    function _client() private returns (BeaconLightClient) {
        uint64[] memory epochs = new uint64[](2);
        epochs[1] = 900;
        return _client(epochs);
    }

    function _forks(BeaconLightClient client) private view returns (Fork[] memory) {
        return abi.decode(client.clientState(), (BeaconState)).forks;
    }

    function _isRefused(BeaconLightClient client, Fork memory fork, bytes memory reason) private {
        bytes memory before = client.clientState();
        vm.expectRevert(reason);
        client.addFork(fork);
        equal(client.clientState(), before, "state");
    }

    // --- growing

    function test_ARowIsAddedAndLogged() public {
        BeaconLightClient client = _client();
        BeaconState memory expected = abi.decode(client.clientState(), (BeaconState));
        uint64[] memory epochs = new uint64[](3);
        (epochs[1], epochs[2]) = (900, NOW + 1);
        expected.forks = BeaconStates.rows(epochs);
        vm.recordLogs();
        client.addFork(BeaconStates.row(NOW + 1));
        equal(vm.getRecordedLogs()[0].topics[0], BeaconLightClient.ForkAdded.selector, "event");
        equal(client.clientState(), abi.encode(expected), "nothing else changes");
    }

    function test_TheEventCarriesTheRow() public {
        BeaconLightClient client = _client();
        vm.recordLogs();
        client.addFork(BeaconStates.row(5000));
        equal(vm.getRecordedLogs()[0].data, abi.encode(BeaconStates.row(5000)), "row");
    }

    function test_ATableThatBeganEmptyGrows() public {
        BeaconLightClient client = _client(new uint64[](0));
        client.addFork(BeaconStates.row(NOW + 1));
        equal(_forks(client).length, 1, "rows");
    }

    function testFuzz_EveryRowAddedStaysAsItWas(uint64[6] memory steps) public {
        BeaconLightClient client = _client();
        uint64 epoch = NOW;
        for (uint256 i = 0; i < 6; ++i) {
            epoch += 1 + (steps[i] % (1 << 40));
            Fork[] memory before = _forks(client);
            client.addFork(Fork(epoch, bytes4(uint32(steps[i])), 2 + uint32(i), 3 + uint32(i), 4 + uint32(i)));
            Fork[] memory grown = _forks(client);
            equal(grown.length, before.length + 1, "rows");
            for (uint256 j = 0; j < before.length; ++j)
                equal(abi.encode(grown[j]), abi.encode(before[j]), "an earlier row");
            Fork memory added = Fork(epoch, bytes4(uint32(steps[i])), 2 + uint32(i), 3 + uint32(i), 4 + uint32(i));
            equal(abi.encode(grown[before.length]), abi.encode(added), "the row");
        }
        _isRefused(client, BeaconStates.row(type(uint64).max), abi.encodeWithSelector(TooManyForks.selector));
    }

    /// A new light client can be created from what the old one says, rows that were added included.
    function test_TheStateOfAGrownClientCreatesAnother() public {
        BeaconLightClient client = _client();
        client.addFork(BeaconStates.row(NOW + 1));
        client.addFork(BeaconStates.row(NOW + 2));
        bytes memory state = client.clientState();
        BeaconLightClient copy = Shipped.beaconLightClient(state, address(_manager));
        equal(copy.clientState(), state, "state");
        copy.addFork(BeaconStates.row(NOW + 3));
        equal(_forks(copy).length, 5, "rows");
    }

    // --- refused

    function test_NoMoreThanEightRows() public {
        uint64[] memory epochs = new uint64[](8);
        BeaconLightClient client = _client(epochs);
        _isRefused(client, BeaconStates.row(NOW + 1), abi.encodeWithSelector(TooManyForks.selector));
        bytes memory state = abi.encode(BeaconStates.finalizedIn(NOW, BeaconStates.rows(new uint64[](9))));
        vm.expectRevert(Malformed.selector);
        Shipped.beaconLightClient(state, address(_manager));
    }

    /// The newest header is in epoch 1000: a row from there on would change what it was judged by.
    function testFuzz_NoRowBeginsUnderAnAcceptedHeader(uint64 epoch) public {
        BeaconLightClient client = _client();
        _isRefused(client, BeaconStates.row(epoch % (NOW + 1)), _notLater(epoch % (NOW + 1), NOW));
        client.addFork(BeaconStates.row(NOW + 1));
    }

    function testFuzz_NoRowBeginsBeforeTheLast(uint64 last, uint64 epoch) public {
        last = NOW + 1 + (last % (1 << 60));
        epoch = epoch % (last + 1);
        BeaconLightClient client = _client();
        client.addFork(BeaconStates.row(last));
        _isRefused(client, BeaconStates.row(epoch), _notLater(epoch, last));
        uint64[] memory known = new uint64[](1);
        known[0] = last;
        _isRefused(_client(known), BeaconStates.row(epoch), _notLater(epoch, last));
    }

    function testFuzz_NoRowWithAnIndexThatNoBranchHas(uint32 index, uint8 which) public {
        if (index > 1 && index < 1 << 17) index = index % 2 == 0 ? index % 2 : index << 17;
        BeaconLightClient client = _client();
        Fork memory fork = BeaconStates.row(NOW + 1);
        if (which % 3 == 0) fork.finalizedRootGindex = index;
        else if (which % 3 == 1) fork.nextSyncCommitteeGindex = index;
        else fork.executionBlockHashGindex = index;
        _isRefused(client, fork, abi.encodeWithSelector(ForkUnusable.selector));
    }

    // --- by whom

    function testFuzz_NobodyElseAddsForks(address stranger) public {
        vm.assume(stranger != address(this));
        BeaconLightClient client = _client();
        vm.startPrank(stranger);
        _isRefused(
            client,
            BeaconStates.row(NOW + 1),
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger)
        );
        vm.stopPrank();
    }

    /// Who creates a light client under no authority has fixed its table for good.
    function test_WithoutAnAuthorityNobodyDoes() public {
        bytes memory state = abi.encode(BeaconStates.finalizedIn(NOW, new Fork[](0)));
        BeaconLightClient client = Shipped.beaconLightClient(state, address(0));
        bytes memory reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(this));
        _isRefused(client, BeaconStates.row(NOW + 1), reason);
        vm.prank(address(0));
        reason = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, address(0));
        vm.expectRevert(reason);
        client.addFork(BeaconStates.row(NOW + 1));
    }

    function _notLater(uint64 epoch, uint64 newest) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ForkNotLater.selector, epoch, newest);
    }
}
