// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Roles} from "../../../contracts/evm/access/Roles.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {BeaconLightClient} from "../../../contracts/evm/light-clients/BeaconLightClient.sol";
import {BeaconState, Fork} from "../../../contracts/evm/light-clients/BeaconState.sol";
import {RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {Payload} from "../../../contracts/evm/types/Packet.sol";
import {BeaconStates} from "../light-clients/support/BeaconStates.sol";
import {Expect} from "../support/Expect.sol";
import {TestLightClient} from "../support/TestLightClient.sol";
import {Shipped} from "../support/Shipped.sol";
import {vm} from "../support/Vm.sol";

/// @title Who may do what, and how soon, once everything is set up as scripts/deploy/configure.ts sets it up
/// @dev test/unit/deploy/roles.test.ts compares the ids, functions and delays used here with those of the script.
contract RolesTest is Expect {
    uint32 private constant DELAY = 2 days;
    address private constant ADMIN = address(0xA0);
    address private constant GUARDIAN = address(0xA1);
    address private constant CLIENT_ADMIN = address(0xA2);
    address private constant PORT_ADMIN = address(0xA3);
    address private constant RATE_LIMITER = address(0xA4);
    address private constant STRANGER = address(0xA5);

    struct Power {
        address target;
        bytes data;
        address holder;
        bool delayed;
    }

    AccessManager private _manager;
    PacketRouter private _router;
    TransferApp private _app;
    TestLightClient private _replacement;
    /// @dev Created when everything else was set up: the manager was told nothing about it.
    BeaconLightClient private _lightClient;
    string private _clientId;

    function setUp() public {
        vm.warp(1_800_000_000);
        _manager = Shipped.accessManager(address(this));
        _router = Shipped.router(address(_manager));
        _app = Shipped.transferApp(_router, address(_manager));
        _allow(address(_router), PacketRouter.pause.selector, Roles.GUARDIAN);
        _allow(address(_router), _router.migrateClient.selector, Roles.CLIENT_ADMIN);
        _allow(address(_router), _router.bindPort.selector, Roles.PORT_ADMIN);
        _allow(address(_app), TransferApp.setRateLimit.selector, Roles.RATE_LIMITER);
        _allow(address(_app), TransferApp.removeRateLimit.selector, Roles.RATE_LIMITER);
        _manager.grantRole(Roles.GUARDIAN, GUARDIAN, 0);
        _manager.grantRole(Roles.RATE_LIMITER, RATE_LIMITER, 0);
        _grantDelayed(Roles.CLIENT_ADMIN, CLIENT_ADMIN);
        _grantDelayed(Roles.PORT_ADMIN, PORT_ADMIN);
        _manager.setGrantDelay(Roles.ADMIN, DELAY);
        _manager.grantRole(Roles.ADMIN, ADMIN, DELAY);
        _manager.renounceRole(Roles.ADMIN, address(this));
        _replacement = new TestLightClient(_router);
        _clientId = _router.createClient(address(new TestLightClient(_router)));
        bytes memory state = abi.encode(BeaconStates.finalizedIn(1000, new Fork[](0)));
        _lightClient = Shipped.beaconLightClient(state, _router.authority());
    }

    function _allow(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        _manager.setTargetFunctionRole(target, selectors, role);
    }

    function _grantDelayed(uint64 role, address holder) private {
        _manager.grantRole(role, holder, DELAY);
        _manager.setRoleGuardian(role, Roles.GUARDIAN);
        _manager.setGrantDelay(role, DELAY);
    }

    /// @dev Every restricted function there is, with its holder.
    function _powers() private view returns (Power[7] memory) {
        return
            [
                Power(address(_router), abi.encodeCall(PacketRouter.pause, ()), GUARDIAN, false),
                Power(address(_router), abi.encodeCall(PacketRouter.unpause, ()), ADMIN, true),
                _migration(),
                _binding(),
                _fork(),
                Power(
                    address(_app),
                    abi.encodeCall(TransferApp.setRateLimit, (_clientId, STRANGER, 1)),
                    RATE_LIMITER,
                    false
                ),
                Power(
                    address(_app),
                    abi.encodeCall(TransferApp.removeRateLimit, (_clientId, STRANGER)),
                    RATE_LIMITER,
                    false
                )
            ];
    }

    function _migration() private view returns (Power memory) {
        bytes memory data = abi.encodeCall(_router.migrateClient, (_clientId, address(_replacement)));
        return Power(address(_router), data, CLIENT_ADMIN, true);
    }

    function _binding() private view returns (Power memory) {
        return Power(address(_router), abi.encodeCall(_router.bindPort, ("transfer", address(_app))), PORT_ADMIN, true);
    }

    function _fork() private view returns (Power memory) {
        bytes memory data = abi.encodeCall(BeaconLightClient.addFork, (BeaconStates.row(1001)));
        return Power(address(_lightClient), data, ADMIN, true);
    }

    function _people() private view returns (address[9] memory) {
        return
            [
                ADMIN,
                GUARDIAN,
                CLIENT_ADMIN,
                PORT_ADMIN,
                RATE_LIMITER,
                STRANGER,
                address(this),
                address(_app),
                address(_router)
            ];
    }

    // --- at once

    function test_TheGuardianPausesAtOnce() public {
        vm.prank(GUARDIAN);
        _router.pause();
        isTrue(_router.paused(), "paused");
        RelayBatch memory batch;
        batch.clientId = _clientId;
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _router.relay(batch);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _router.sendPacket(_clientId, uint64(block.timestamp + 1), new Payload[](0));
    }

    function test_TheRateLimiterLimitsAtOnce() public {
        vm.prank(RATE_LIMITER);
        _app.setRateLimit(_clientId, STRANGER, 7);
        equal(_app.available(_clientId, STRANGER), 7, "limited");
    }

    // --- not at once

    function test_DelayedPowersWaitExactlyTheirDelay() public {
        vm.prank(GUARDIAN);
        _router.pause();
        Power[7] memory powers = _powers();
        for (uint256 i = 0; i < powers.length; ++i) {
            if (!powers[i].delayed) continue;
            uint256 ready = block.timestamp + DELAY;
            bytes32 operation = _schedule(powers[i]);
            vm.warp(ready - 1);
            _fails(powers[i], abi.encodeWithSelector(IAccessManager.AccessManagerNotReady.selector, operation));
            vm.warp(ready);
            _execute(powers[i]);
            _fails(powers[i], abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation));
        }
        isTrue(!_router.paused(), "un-paused");
        equal(address(_router.getClient(_clientId).lightClient), address(_replacement), "migrated");
        equal(_router.getApp("transfer"), address(_app), "bound");
        BeaconState memory state = abi.decode(_lightClient.clientState(), (BeaconState));
        equal(state.forks.length, 1, "fork added");
    }

    function test_NobodySchedulesSoonerThanTheDelay() public {
        Power memory power = _migration();
        uint48 tooSoon = uint48(block.timestamp + DELAY - 1);
        vm.prank(power.holder);
        vm.expectRevert(_unauthorizedCall(power, power.holder));
        _manager.schedule(power.target, power.data, tooSoon);
    }

    function test_WhatWasScheduledExpires() public {
        Power memory power = _migration();
        bytes32 operation = _schedule(power);
        vm.warp(block.timestamp + DELAY + 1 weeks);
        _fails(power, abi.encodeWithSelector(IAccessManager.AccessManagerExpired.selector, operation));
    }

    function test_TheGuardianCancelsMigrationsAndBindings() public {
        Power[2] memory powers = [_migration(), _binding()];
        for (uint256 i = 0; i < powers.length; ++i) {
            bytes32 operation = _schedule(powers[i]);
            vm.prank(GUARDIAN);
            _manager.cancel(powers[i].holder, powers[i].target, powers[i].data);
            vm.warp(block.timestamp + DELAY);
            _fails(powers[i], abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation));
        }
    }

    /// @dev Else a guardian whose key was stolen could keep everything paused for ever.
    function test_TheGuardianCannotCancelTheEndOfAPause() public {
        vm.prank(GUARDIAN);
        _router.pause();
        Power memory power = _powers()[1];
        _schedule(power);
        vm.prank(GUARDIAN);
        vm.expectRevert(_unauthorizedCancel(power, GUARDIAN));
        _manager.cancel(power.holder, power.target, power.data);
        vm.warp(block.timestamp + DELAY);
        _execute(power);
        isTrue(!_router.paused(), "un-paused");
    }

    /// @dev The admin's own powers are not the guardian's to stop; what was given to the client admin is.
    function test_ForksGivenToTheClientAdminWaitAndCanBeCancelled() public {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = BeaconLightClient.addFork.selector;
        bytes memory data = abi.encodeCall(
            _manager.setTargetFunctionRole,
            (address(_lightClient), selectors, Roles.CLIENT_ADMIN)
        );
        Power memory giving = Power(address(_manager), data, ADMIN, true);
        _schedule(giving);
        vm.warp(block.timestamp + DELAY);
        _execute(giving);
        Power memory power = _fork();
        _failsFor(
            ADMIN,
            address(_manager),
            abi.encodeCall(_manager.schedule, (power.target, power.data, 0)),
            _unauthorizedCall(power, ADMIN)
        );
        power.holder = CLIENT_ADMIN;
        bytes32 operation = _schedule(power);
        vm.prank(GUARDIAN);
        _manager.cancel(CLIENT_ADMIN, power.target, power.data);
        vm.warp(block.timestamp + DELAY);
        _fails(power, abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation));
        _schedule(power);
        vm.warp(block.timestamp + DELAY);
        _execute(power);
    }

    function test_NobodyElseCancels() public {
        Power memory power = _migration();
        _schedule(power);
        address[9] memory people = _people();
        for (uint256 i = 3; i < people.length; ++i) {
            vm.prank(people[i]);
            vm.expectRevert(_unauthorizedCancel(power, people[i]));
            _manager.cancel(power.holder, power.target, power.data);
        }
    }

    // --- nobody else

    function test_NobodyHasAnothersPower() public {
        Power[7] memory powers = _powers();
        address[9] memory people = _people();
        for (uint256 i = 0; i < powers.length; ++i)
            for (uint256 j = 0; j < people.length; ++j) {
                if (people[j] == powers[i].holder) continue;
                bytes memory reason = abi.encodeWithSelector(
                    IAccessManaged.AccessManagedUnauthorized.selector,
                    people[j]
                );
                _failsFor(people[j], powers[i].target, powers[i].data, reason);
                reason = _unauthorizedCall(powers[i], people[j]);
                bytes memory asked = abi.encodeCall(_manager.schedule, (powers[i].target, powers[i].data, 0));
                _failsFor(people[j], address(_manager), asked, reason);
                asked = abi.encodeCall(_manager.execute, (powers[i].target, powers[i].data));
                _failsFor(people[j], address(_manager), asked, reason);
            }
    }

    function test_OnlyTheAdminDecidesAboutRolesAndOnlyLater() public {
        bytes4[] memory selectors = new bytes4[](1);
        bytes[6] memory decisions = [
            abi.encodeCall(_manager.grantRole, (Roles.ADMIN, STRANGER, 0)),
            abi.encodeCall(_manager.revokeRole, (Roles.GUARDIAN, GUARDIAN)),
            abi.encodeCall(_manager.setRoleGuardian, (Roles.CLIENT_ADMIN, Roles.RATE_LIMITER)),
            abi.encodeCall(_manager.setGrantDelay, (Roles.ADMIN, 0)),
            abi.encodeCall(_manager.setTargetFunctionRole, (address(_router), selectors, Roles.GUARDIAN)),
            abi.encodeCall(_manager.updateAuthority, (address(_router), STRANGER))
        ];
        address[9] memory people = _people();
        for (uint256 i = 0; i < decisions.length; ++i) {
            bytes32 operation = _manager.hashOperation(ADMIN, address(_manager), decisions[i]);
            bytes memory reason = abi.encodeWithSelector(IAccessManager.AccessManagerNotScheduled.selector, operation);
            _failsFor(ADMIN, address(_manager), decisions[i], reason);
            for (uint256 j = 1; j < people.length; ++j) {
                reason = abi.encodeWithSelector(
                    IAccessManager.AccessManagerUnauthorizedAccount.selector,
                    people[j],
                    Roles.ADMIN
                );
                _failsFor(people[j], address(_manager), decisions[i], reason);
            }
        }
    }

    function test_ANewHolderWaitsForTheRole() public {
        // A grant delay itself comes into force five days after it was set.
        vm.warp(block.timestamp + 5 days);
        Power memory grant = Power(
            address(_manager),
            abi.encodeCall(_manager.grantRole, (Roles.CLIENT_ADMIN, STRANGER, DELAY)),
            ADMIN,
            true
        );
        uint256 granted = block.timestamp + DELAY;
        _schedule(grant);
        vm.warp(granted);
        _execute(grant);
        vm.warp(granted + DELAY - 1);
        Power memory power = _migration();
        power.holder = STRANGER;
        bytes memory asked = abi.encodeCall(_manager.schedule, (power.target, power.data, 0));
        _failsFor(STRANGER, address(_manager), asked, _unauthorizedCall(power, STRANGER));
        vm.warp(granted + DELAY);
        _schedule(power);
    }

    // --- acting

    function _schedule(Power memory power) private returns (bytes32 operation) {
        vm.prank(power.holder);
        (operation, ) = _manager.schedule(power.target, power.data, 0);
    }

    function _execute(Power memory power) private {
        vm.prank(power.holder);
        _manager.execute(power.target, power.data);
    }

    /// @dev Neither directly nor through the manager.
    function _fails(Power memory power, bytes memory reason) private {
        _failsFor(power.holder, power.target, power.data, reason);
        bytes memory asked = abi.encodeCall(_manager.execute, (power.target, power.data));
        _failsFor(power.holder, address(_manager), asked, reason);
    }

    function _failsFor(address caller, address target, bytes memory data, bytes memory reason) private {
        vm.prank(caller);
        (bool ok, bytes memory got) = target.call(data);
        isTrue(!ok, "refused");
        equal(got, reason, "reason");
    }

    function _unauthorizedCall(Power memory power, address caller) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCall.selector,
                caller,
                power.target,
                bytes4(power.data)
            );
    }

    function _unauthorizedCancel(Power memory power, address caller) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IAccessManager.AccessManagerUnauthorizedCancel.selector,
                caller,
                power.holder,
                power.target,
                bytes4(power.data)
            );
    }
}
