// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {RecordRegistry} from "../../../../contracts/evm/apps/examples/RecordRegistry.sol";
import {RecordEvent, RecordWitness} from "../../../../contracts/evm/apps/examples/RecordWitness.sol";
import {SenderNotAccepted} from "../../../../contracts/evm/errors/MessageErrors.sol";
import {evmAccount, ForeignAccount} from "../../../../contracts/evm/types/ForeignAccount.sol";
import {TestLink} from "../../../../contracts/evm-testing/TestLink.sol";
import {Expect} from "../../support/Expect.sol";
import {newLink} from "../../support/Link.sol";
import {vm} from "../../support/Vm.sol";

contract RecordRegistryTest is Expect {
    address private constant OFFICE = address(0x0FF1CE);
    address private constant OTHER_OFFICE = address(0x0DD);
    uint256 private constant START = 1_800_000_000;
    bytes32 private constant HASH = keccak256("salt and document");

    TestLink private _link;
    RecordRegistry private _registry;
    RecordWitness private _witness;
    ForeignAccount private _registryThere;
    bytes32 private _id;

    function setUp() public {
        vm.warp(START);
        _link = newLink();
        _witness = new RecordWitness(_link.b().messageApp(), address(this));
        _registry = new RecordRegistry(_link.a().messageApp(), evmAccount(_link.onA(), address(_witness)));
        _registryThere = evmAccount(_link.onB(), address(_registry));
        _witness.accept(_registryThere);
        _id = _registry.recordIdOf(OFFICE, HASH);
    }

    function _register() private returns (uint64) {
        vm.prank(OFFICE);
        return _registry.register(HASH, 1 hours);
    }

    function _revoke() private returns (uint64) {
        vm.prank(OFFICE);
        return _registry.revoke(HASH, 1 hours);
    }

    function _statement(RecordEvent what) private view returns (RecordRegistry.Statement memory) {
        return _registry.statementOf(_id, what);
    }

    function _entry() private view returns (RecordWitness.Entry memory) {
        return _witness.entryOf(_registryThere, _id);
    }

    function _fromRegistry(bytes memory payload) private returns (bytes memory reason) {
        _link.send(address(_registry), address(_witness), payload);
        return _link.deliver().reason;
    }

    // --- registering

    function test_ARegistrationGetsItsReceipt() public {
        uint64 sequence = _register();
        equal(_statement(RecordEvent.Registered).at, START, "registered here");
        isTrue(_statement(RecordEvent.Registered).receipt == RecordRegistry.Receipt.Pending, "no receipt yet");
        vm.warp(START + 60);
        _link.deliver();
        vm.warp(START + 120);
        _link.acknowledge();
        RecordRegistry.Statement memory statement = _statement(RecordEvent.Registered);
        isTrue(statement.receipt == RecordRegistry.Receipt.Confirmed, "confirmed");
        equal(statement.at, START, "registered at");
        equal(statement.confirmedAt, START + 60, "confirmed at");
        equal(statement.chainId, block.chainid, "confirmed by");
        equal(statement.sequence, sequence, "by packet");
        equal(_registry.witness().clientId, _link.onA(), "over");
        equal(_entry().registeredAt, START + 60, "the witness says the same");
    }

    function test_WithoutAReceiptItIsAskedAgainAndKeepsItsDate() public {
        _register();
        _link.timeOut();
        isTrue(_statement(RecordEvent.Registered).receipt == RecordRegistry.Receipt.None, "no receipt");
        uint64 second = _register();
        _link.relay();
        RecordRegistry.Statement memory statement = _statement(RecordEvent.Registered);
        equal(statement.at, START, "registered when it was registered");
        equal(statement.sequence, second, "confirmed by the second packet");
        equal(statement.confirmedAt, START + 1 hours, "later");
    }

    function test_ARefusedRegistrationHasNoReceipt() public {
        _witness.drop(_registryThere);
        _register();
        equal(
            _link.deliver().reason,
            abi.encodeWithSelector(SenderNotAccepted.selector, _registryThere.clientId, _registryThere.account),
            "refused"
        );
        _link.acknowledge();
        isTrue(_statement(RecordEvent.Registered).receipt == RecordRegistry.Receipt.None, "no receipt");
        equal(_entry().registeredAt, 0, "not witnessed");
    }

    function test_AnAnswerWithoutMeaningIsNoReceipt() public {
        _register();
        _link.answer("thanks");
        _link.acknowledge();
        isTrue(_statement(RecordEvent.Registered).receipt == RecordRegistry.Receipt.None, "no receipt");
    }

    function test_RegistersOnce() public {
        uint64 sequence = _register();
        vm.expectRevert(abi.encodeWithSelector(RecordRegistry.StillPending.selector, _id, sequence));
        _register();
        _link.relay();
        vm.expectRevert(abi.encodeWithSelector(RecordRegistry.AlreadyConfirmed.selector, _id));
        _register();
    }

    function test_OfficesDoNotTakeEachOthersRecords() public {
        vm.prank(OTHER_OFFICE);
        _registry.register(HASH, 1 hours);
        _register();
        _link.relay();
        isTrue(_registry.recordIdOf(OTHER_OFFICE, HASH) != _id, "two records");
        isTrue(_statement(RecordEvent.Registered).receipt == RecordRegistry.Receipt.Confirmed, "its own");
    }

    // --- revoking

    function test_ARevocationGetsItsReceipt() public {
        _register();
        _link.relay();
        vm.warp(START + 1 days);
        _revoke();
        equal(_statement(RecordEvent.Revoked).at, START + 1 days, "holds at once");
        equal(_entry().revokedAt, 0, "not there yet");
        _link.relay();
        isTrue(_statement(RecordEvent.Revoked).receipt == RecordRegistry.Receipt.Confirmed, "confirmed");
        equal(_entry().revokedAt, START + 1 days, "there");
    }

    function test_ARevocationMayOvertake() public {
        _register();
        _revoke();
        _link.deliver(1);
        _link.deliver(0);
        isTrue(_entry().registeredAt != 0 && _entry().revokedAt != 0, "revoked all the same");
        _link.acknowledge(0);
        _link.acknowledge(1);
        isTrue(_statement(RecordEvent.Registered).receipt == RecordRegistry.Receipt.Confirmed, "both");
        isTrue(_statement(RecordEvent.Revoked).receipt == RecordRegistry.Receipt.Confirmed, "confirmed");
    }

    function test_WhatIsRevokedStaysRevoked() public {
        _register();
        _link.relay();
        _revoke();
        vm.expectRevert(abi.encodeWithSelector(RecordRegistry.Revoked.selector, _id));
        _register();
        _link.relay();
        vm.expectRevert(abi.encodeWithSelector(RecordRegistry.AlreadyConfirmed.selector, _id));
        _revoke();
    }

    function test_OnlyItsOfficeRevokes() public {
        _register();
        bytes32 other = _registry.recordIdOf(OTHER_OFFICE, HASH);
        vm.expectRevert(abi.encodeWithSelector(RecordRegistry.NotRegistered.selector, other));
        vm.prank(OTHER_OFFICE);
        _registry.revoke(HASH, 1 hours);
    }

    function test_NothingRegisteredNothingRevoked() public {
        vm.expectRevert(abi.encodeWithSelector(RecordRegistry.NotRegistered.selector, _id));
        _revoke();
    }

    // --- the witness

    function test_TellingItTwiceChangesNothing() public {
        _fromRegistry(abi.encode(RecordEvent.Registered, _id));
        uint64 first = _entry().registeredAt;
        vm.warp(block.timestamp + 60);
        _fromRegistry(abi.encode(RecordEvent.Registered, _id));
        equal(_entry().registeredAt, first, "the first time counts");
        equal(_link.trip(1).answerOf(), abi.encode(block.chainid, first), "and is the receipt");
    }

    function test_OtherMessagesAreRefused() public {
        bytes memory reason = abi.encodeWithSelector(RecordWitness.UnreadableMessage.selector);
        equal(_fromRegistry("hello"), reason, "text");
        equal(_fromRegistry(abi.encode(2, _id)), reason, "no such event");
        equal(_fromRegistry(abi.encode(type(uint256).max, _id)), reason, "no such event");
        equal(_fromRegistry(abi.encode(RecordEvent.Registered, _id, 1)), reason, "too long");
        equal(_fromRegistry(abi.encode(RecordEvent.Registered)), reason, "too short");
        equal(_entry().registeredAt, 0, "nothing witnessed");
    }

    function test_OtherRegistriesHaveTheirOwnEntries() public {
        _register();
        _link.relay();
        ForeignAccount memory other = evmAccount("testonly-7", address(_registry));
        equal(_witness.entryOf(other, _id).registeredAt, 0, "not its word");
    }

    function test_OnlyItsOwnerChoosesRegistries() public {
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, OFFICE);
        vm.startPrank(OFFICE);
        vm.expectRevert(reason);
        _witness.accept(_registryThere);
        vm.expectRevert(reason);
        _witness.drop(_registryThere);
        vm.stopPrank();
    }
}
