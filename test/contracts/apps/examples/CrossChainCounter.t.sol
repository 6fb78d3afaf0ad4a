// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {CrossChainCounter} from "../../../../contracts/evm/apps/examples/CrossChainCounter.sol";
import {HexAddress} from "../../../../contracts/evm/apps/encoding/HexAddress.sol";
import {SenderNotAccepted} from "../../../../contracts/evm/errors/MessageErrors.sol";
import {TimeoutElapsed} from "../../../../contracts/evm/errors/PacketRouterErrors.sol";
import {evmAccount} from "../../../../contracts/evm/types/ForeignAccount.sol";
import {Stage, TestLink, Trip} from "../../../../contracts/evm-testing/TestLink.sol";
import {Expect} from "../../support/Expect.sol";
import {newLink} from "../../support/Link.sol";
import {vm} from "../../support/Vm.sol";

contract CrossChainCounterTest is Expect {
    address private constant MALLORY = address(0xBAD);

    TestLink private _link;
    CrossChainCounter private _here;
    CrossChainCounter private _there;
    string private _onA;
    string private _onB;

    function setUp() public {
        _link = newLink();
        (_onA, _onB) = (_link.onA(), _link.onB());
        _here = new CrossChainCounter(_link.a().messageApp(), address(this));
        _there = new CrossChainCounter(_link.b().messageApp(), address(this));
        _here.connect(_onA, address(_there));
        _there.connect(_onB, address(_here));
    }

    function test_CountsThereAndKnowsHere() public {
        _here.increment(_onA, 2, 1 hours);
        _link.deliver();
        equal(_there.count(), 2, "counted");
        equal(_here.known(_onA), 0, "not known yet");
        _link.acknowledge();
        equal(_here.known(_onA), 2, "known");
    }

    function test_CountsBothWays() public {
        _here.increment(_onA, 2, 1 hours);
        _there.increment(_onB, 40, 1 hours);
        _here.increment(_onA, 1, 1 hours);
        _link.relay();
        equal(_here.known(_onA), 3, "there");
        equal(_there.known(_onB), 40, "here");
    }

    function test_AnOlderAnswerThatComesLaterTeachesNothing() public {
        _here.increment(_onA, 2, 1 hours);
        _here.increment(_onA, 3, 1 hours);
        _link.deliver();
        _link.deliver();
        _link.acknowledge(1);
        _link.acknowledge(0);
        equal(_here.known(_onA), 5, "the highest");
    }

    function test_WhatIsRefusedDoesNotCount() public {
        uint64 sequence = _here.increment(_onA, 0, 1 hours);
        Trip memory trip = _link.deliver();
        isTrue(trip.refused, "refused");
        equal(trip.reason, abi.encodeWithSelector(CrossChainCounter.NothingToAdd.selector), "why");
        _link.acknowledge();
        equal(_here.failed(_onA), 1, "heard of");
        isTrue(!_here.isPending(_onA, sequence), "ended");
    }

    function test_WhatTimesOutDoesNotCount() public {
        _here.increment(_onA, 2, 1 hours);
        isTrue(_link.timeOut().stage == Stage.TimedOut, "timed out");
        equal(_here.failed(_onA), 1, "heard of");
        vm.expectPartialRevert(TimeoutElapsed.selector);
        _link.deliver(0);
        equal(_there.count(), 0, "never counted");
    }

    function test_OverflowingIsRefused() public {
        _there.connect(_onB, MALLORY);
        _send(MALLORY, abi.encode(type(uint256).max));
        _link.deliver();
        _send(MALLORY, abi.encode(1));
        isTrue(_link.deliver().refused, "refused");
        equal(_there.count(), type(uint256).max, "as it was");
    }

    function test_OnlyItsCounterpartCounts() public {
        _send(MALLORY, abi.encode(5));
        Trip memory trip = _link.deliver();
        equal(
            trip.reason,
            abi.encodeWithSelector(SenderNotAccepted.selector, _onB, HexAddress.write(MALLORY)),
            "refused"
        );
        equal(_there.count(), 0, "not counted");
    }

    function test_ADisconnectedCounterpartCountsNoMore() public {
        _there.connect(_onB, MALLORY);
        isTrue(!_there.accepts(evmAccount(_onB, address(_here))), "dropped");
        _here.increment(_onA, 2, 1 hours);
        isTrue(_link.deliver().refused, "refused");
    }

    function test_OtherMessagesAreRefused() public {
        _there.connect(_onB, MALLORY);
        bytes[3] memory payloads = [bytes("5"), abi.encode(5, 5), bytes.concat(bytes32(uint256(5)), "x")];
        for (uint256 i = 0; i < payloads.length; ++i) {
            _send(MALLORY, payloads[i]);
            equal(
                _link.deliver().reason,
                abi.encodeWithSelector(CrossChainCounter.UnreadableMessage.selector, payloads[i].length),
                "refused"
            );
        }
    }

    function test_OtherAnswersTeachNothing() public {
        _here.increment(_onA, 2, 1 hours);
        _link.answer("nonsense");
        _link.acknowledge();
        equal(_here.known(_onA), 0, "nothing known");
        equal(_here.failed(_onA), 1, "failed");
    }

    function test_NobodyElseConnects() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, MALLORY));
        vm.prank(MALLORY);
        _here.connect(_onA, MALLORY);
    }

    function test_ThereMustBeACounterpart() public {
        vm.expectRevert(abi.encodeWithSelector(CrossChainCounter.NotConnected.selector, "testonly-7"));
        _here.increment("testonly-7", 2, 1 hours);
    }

    function _send(address from, bytes memory payload) private {
        _link.send(from, address(_there), payload);
    }

    /// @dev Whatever becomes of them: what counted there is what did not fail, and known when the last one has ended.
    function testFuzz_WhatDidNotFailCounted(uint8[10] calldata fates) public {
        uint256 expected = 0;
        for (uint256 i = 0; i < fates.length; ++i) {
            _here.increment(_onA, fates[i] % 16, 1 hours);
            if (fates[i] >= 128) {
                _link.timeOut(i);
                continue;
            }
            _link.deliver(i);
            expected += fates[i] % 16;
        }
        _link.relay();
        equal(_there.count(), expected, "counted");
        equal(_here.known(_onA), expected, "known");
    }
}
