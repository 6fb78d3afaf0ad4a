// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {
    CallerDidNotCreateClient,
    ClientNotFound,
    CounterpartyAlreadyRegistered,
    InvalidApp,
    InvalidClientId,
    InvalidLightClient,
    InvalidMerklePrefix,
    InvalidPayloadLimit,
    InvalidPort,
    PortAlreadyBound
} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {ClientRegistry} from "../../../contracts/evm/store/ClientRegistry.sol";
import {ScriptedApp} from "../support/ScriptedApp.sol";
import {TestLightClient} from "../support/TestLightClient.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {vm} from "../support/Vm.sol";

contract RegistriesTest is TwoHosts {
    address private constant STRANGER = address(0x5712);

    function test_ClientIdsCountUp() public {
        equal(onA, "simple-0", "first");
        equal(onB, "simple-1", "second");
        (string memory id, ) = a.createClient(b.router());
        equal(id, "simple-1", "next");
        equal(a.router().nextSequenceSend(id), 1, "first sequence");
    }

    function test_KnowsWhatIsRegistered() public view {
        ClientRegistry.Client memory known = a.router().getClient(onA);
        equal(address(known.lightClient), address(clientOnA), "light client");
        equal(known.counterpartyClientId, onB, "counterparty");
        equal(known.creator, address(a), "creator");
        equal(known.merklePrefix.length, 1, "prefix");
        equal(known.maxPayloads, 4, "payloads");
    }

    function test_RefusesALightClientWithoutCode() public {
        PacketRouter router = a.router();
        vm.expectRevert(abi.encodeWithSelector(InvalidLightClient.selector, STRANGER));
        router.createClient(STRANGER);
    }

    function test_RefusesAClientTypeThatMakesNoClientId() public {
        PacketRouter router = a.router();
        TestLightClient odd = new TestLightClient(router);
        odd.setClientType("evil/type");
        vm.expectRevert(abi.encodeWithSelector(InvalidClientId.selector, "evil/type-1"));
        router.createClient(address(odd));
        odd.setClientType("short");
        vm.expectRevert(abi.encodeWithSelector(InvalidClientId.selector, "short-1"));
        router.createClient(address(odd));
    }

    function test_OnlyTheCreatorRegistersTheCounterparty() public {
        (string memory id, ) = a.createClient(b.router());
        PacketRouter router = a.router();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(CallerDidNotCreateClient.selector, id, STRANGER));
        router.registerCounterparty(id, onB, new bytes[](1), 1);
    }

    function test_RegistersTheCounterpartyOnce() public {
        vm.expectRevert(abi.encodeWithSelector(CounterpartyAlreadyRegistered.selector, onA));
        a.registerCounterparty(onA, "simple-9", 1);
    }

    function test_RefusesBadCounterparties() public {
        PacketRouter router = a.router();
        string memory id = router.createClient(address(new TestLightClient(b.router())));
        vm.expectRevert(abi.encodeWithSelector(InvalidClientId.selector, "channel"));
        router.registerCounterparty(id, "channel", new bytes[](1), 1);
        vm.expectRevert(InvalidMerklePrefix.selector);
        router.registerCounterparty(id, onB, new bytes[](0), 1);
        vm.expectRevert(InvalidMerklePrefix.selector);
        router.registerCounterparty(id, onB, new bytes[](33), 1);
        vm.expectRevert(InvalidMerklePrefix.selector);
        router.registerCounterparty(id, onB, one(new bytes(257)), 1);
        vm.expectRevert(InvalidPayloadLimit.selector);
        router.registerCounterparty(id, onB, new bytes[](1), 0);
        vm.expectRevert(abi.encodeWithSelector(ClientNotFound.selector, "simple-99"));
        router.registerCounterparty("simple-99", onB, new bytes[](1), 1);
    }

    function test_MigrationIsForTheClientAdmin() public {
        PacketRouter router = a.router();
        TestLightClient other = new TestLightClient(b.router());
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        router.migrateClient(onA, address(other));
        a.migrateClient(onA, address(other));
        equal(address(router.getClient(onA).lightClient), address(other), "light client");
        vm.expectRevert(abi.encodeWithSelector(InvalidLightClient.selector, STRANGER));
        a.migrateClient(onA, STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ClientNotFound.selector, "simple-99"));
        a.migrateClient("simple-99", address(other));
    }

    function test_BindingPortsIsForThePortAdmin() public {
        PacketRouter router = a.router();
        ScriptedApp app = new ScriptedApp(router);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        router.bindPort("scripted", address(app));
        a.bindPort("scripted", address(app));
        equal(router.getApp("scripted"), address(app), "app");
        isTrue(router.isApp(address(app)), "is app");
        isTrue(!router.isApp(STRANGER), "stranger is no app");
    }

    function test_APortIsBoundOnceForEver() public {
        ScriptedApp app = new ScriptedApp(a.router());
        vm.expectRevert(abi.encodeWithSelector(PortAlreadyBound.selector, "transfer"));
        a.bindPort("transfer", address(app));
    }

    function test_RefusesBadPortsAndApps() public {
        ScriptedApp app = new ScriptedApp(a.router());
        address router = address(a.router());
        address manager = address(a.manager());
        vm.expectRevert(abi.encodeWithSelector(InvalidPort.selector, "a/b"));
        a.bindPort("a/b", address(app));
        vm.expectRevert(abi.encodeWithSelector(InvalidApp.selector, STRANGER));
        a.bindPort("port", STRANGER);
        vm.expectRevert(abi.encodeWithSelector(InvalidApp.selector, router));
        a.bindPort("port", router);
        vm.expectRevert(abi.encodeWithSelector(InvalidApp.selector, manager));
        a.bindPort("port", manager);
    }
}
