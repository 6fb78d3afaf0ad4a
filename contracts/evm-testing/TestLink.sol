// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../evm/apps/encoding/HexAddress.sol";
import {MessageResult} from "../evm/apps/messages/MessageData.sol";
import {ILightClient} from "../evm/interfaces/ILightClient.sol";
import {IMessageApp} from "../evm/interfaces/IMessageApp.sol";
import {IPacketApp, PacketContext} from "../evm/interfaces/IPacketApp.sol";
import {IPacketRouter} from "../evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../evm/PacketRouter.sol";
import {PacketPaths} from "../evm/store/PacketPaths.sol";
import {Packet} from "../evm/types/Packet.sol";
import {TestChain} from "./TestChain.sol";
import {TestOnlyLightClient} from "./TestOnlyLightClient.sol";
import {TestVm, testVm} from "./TestVm.sol";

enum Stage {
    Sent,
    Received,
    Acknowledged,
    TimedOut
}

/// @notice How far a packet has come.
/// @param refused Whether the receiving application refused it, and `reason` why: the error it reverted with.
/// @param acknowledgement What it answered; empty until it has.
struct Trip {
    Packet packet;
    Stage stage;
    bool refused;
    bytes reason;
    bytes acknowledgement;
}

using {answerOf} for Trip global;

/// @notice What the receiving contract answered a message with.
function answerOf(Trip memory self) pure returns (bytes memory) {
    return abi.decode(self.acknowledgement, (MessageResult)).result;
}

/// @title FOR TESTS ONLY: two chains in one EVM, and all that a relayer does between them, by hand
/// @notice
///     TestLink link = new TestLink();
///     Inbox inbox = new Inbox(link.b().messageApp());   // accepts senders over link.onB()
///     link.send(alice, address(inbox), "hello");        // or a sender of yours on link.a(), over link.onA()
///     link.deliver();                                   // the oldest packet that was not received is
///     link.acknowledge();                               // the oldest answer goes back to its sender
///     link.timeOut();                                   // or: time passes, and nobody received it
///     link.relay();                                     // or: all that is under way, to the end
///
/// Routers, applications and access control are those of production; only the light clients are not, and say so. What an
/// application reverts with comes out of `acknowledge` and `timeOut` as it is; out of `deliver` only when the packet stays
/// deliverable, since a revert with a reason is a refusal. Packets are counted from 0 in the order they were sent: with a number,
/// the functions do again, or out of order, what a relayer could try.
///
/// Both chains have one clock and one `block.chainid`. Events are read with `vm.recordLogs`: in a test that uses it too, or
/// expects one of these functions to revert, call `collect` first.
contract TestLink {
    error NothingToDeliver();
    error NothingToAcknowledge();
    error StillUnderWay();

    /// @dev The packet is encoded, because only the IR pipeline can copy an array of structs to storage.
    struct Stored {
        bytes packet;
        Stage stage;
        bool refused;
        bytes reason;
        bytes acknowledgement;
    }

    uint256 private constant MAX_ROUNDS = 100;

    TestChain public immutable a;
    TestChain public immutable b;
    /// @notice The client id by which `a` knows `b`.
    string public onA;
    /// @notice The client id by which `b` knows `a`: another one, so that mixing them up shows.
    string public onB;
    Stored[] private _trips;
    mapping(bytes32 clientAndSequence => uint256) private _positions;

    constructor() {
        a = new TestChain();
        b = new TestChain();
        b.createClient(b.router());
        onA = a.createClient(b.router());
        onB = b.createClient(a.router());
        a.registerCounterparty(onA, onB);
        b.registerCounterparty(onB, onA);
        testVm.recordLogs();
    }

    // ------------------------------------------------------------------------------------------ what a relayer does

    /// @notice The oldest packet that was not received yet is received.
    function deliver() external returns (Trip memory) {
        return _deliver(_oldest(Stage.Sent));
    }

    function deliver(uint256 number) external returns (Trip memory) {
        collect();
        return _deliver(number);
    }

    /// @notice The oldest answer that was not brought back yet is brought to the sender.
    function acknowledge() external returns (Trip memory) {
        return _acknowledge(_oldest(Stage.Received));
    }

    function acknowledge(uint256 number) external returns (Trip memory) {
        collect();
        return _acknowledge(number);
    }

    /// @notice Time passes until the oldest packet that was not received can be no more, and its sender learns that.
    function timeOut() external returns (Trip memory) {
        return _timeOut(_oldest(Stage.Sent));
    }

    function timeOut(uint256 number) external returns (Trip memory) {
        collect();
        return _timeOut(number);
    }

    /// @notice Everything under way arrives and is answered, and what that sends, too.
    function relay() external {
        for (uint256 round = 0; round < MAX_ROUNDS; ++round) {
            collect();
            bool moved = false;
            for (uint256 i = 0; i < _trips.length; ++i) {
                if (_trips[i].stage == Stage.Sent) _deliver(i);
                else if (_isAnswered(i)) _acknowledge(i);
                else continue;
                moved = true;
            }
            if (!moved) return;
        }
        revert StillUnderWay();
    }

    // -------------------------------------------------------------------------------- in place of the other contract

    /// @notice An account on `a` sends a message to a contract on `b`. It waits to be delivered, for an hour.
    function send(address from, address to, bytes calldata payload) external {
        IMessageApp app = a.messageApp();
        testVm.prank(from);
        app.sendMessage(onA, HexAddress.write(to), payload, uint64(block.timestamp + 1 hours));
    }

    /// @notice The oldest packet that was not received yet is received and refused, whoever it is for.
    function refuse(bytes calldata reason) external returns (Trip memory) {
        uint256 number = _oldest(Stage.Sent);
        (address app, bytes memory data) = _receiving(number);
        testVm.mockCallRevert(app, data, reason);
        return _deliver(number);
    }

    /// @notice The oldest message that was not received yet is received, and answered with this, whoever it is for.
    function answer(bytes calldata result) external returns (Trip memory) {
        uint256 number = _oldest(Stage.Sent);
        (address app, bytes memory data) = _receiving(number);
        testVm.mockCall(app, data, abi.encode(abi.encode(MessageResult(result))));
        return _deliver(number);
    }

    // -------------------------------------------------------------------------------------------------------- looking

    function trips() external returns (uint256) {
        collect();
        return _trips.length;
    }

    function trip(uint256 number) external returns (Trip memory) {
        collect();
        return _trip(number);
    }

    /// @notice Reads what was sent and answered since it was last called. The other functions do that first.
    function collect() public {
        TestVm.Log[] memory logs = testVm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            TestVm.Log memory log = logs[i];
            bool isOurs = log.emitter == address(a.router()) || log.emitter == address(b.router());
            if (!isOurs || log.topics.length != 3) continue;
            if (log.topics[0] == IPacketRouter.SendPacket.selector) {
                _trips.push().packet = log.data;
                _positions[_key(log.topics[1], uint256(log.topics[2]))] = _trips.length;
                continue;
            }
            uint256 position = _positions[_key(_counterpartyOf(log.topics[1]), uint256(log.topics[2]))];
            if (position == 0) continue;
            Stored storage stored = _trips[position - 1];
            if (log.topics[0] == IPacketRouter.PacketRefused.selector) {
                stored.refused = true;
                stored.reason = abi.decode(log.data, (bytes));
            } else if (log.topics[0] == IPacketRouter.WriteAcknowledgement.selector) {
                (, bytes[] memory acknowledgements) = abi.decode(log.data, (string, bytes[]));
                stored.acknowledgement = acknowledgements[0];
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------- delivery

    function _deliver(uint256 number) private returns (Trip memory) {
        Packet memory packet = _packet(number);
        _routerBehind(packet.sourceClient).recvPacket(packet, "");
        if (_trips[number].stage == Stage.Sent) _trips[number].stage = Stage.Received;
        collect();
        return _trip(number);
    }

    function _acknowledge(uint256 number) private returns (Trip memory) {
        if (_trips[number].acknowledgement.length == 0) revert NothingToAcknowledge();
        Packet memory packet = _packet(number);
        bytes[] memory acknowledgements = new bytes[](1);
        acknowledgements[0] = _trips[number].acknowledgement;
        _rememberCommitment(packet);
        _routerBehind(packet.destClient).acknowledgePacket(packet, acknowledgements, "");
        _trips[number].stage = Stage.Acknowledged;
        return _trip(number);
    }

    function _timeOut(uint256 number) private returns (Trip memory) {
        Packet memory packet = _packet(number);
        if (block.timestamp < packet.timeoutTimestamp) testVm.warp(packet.timeoutTimestamp);
        _rememberCommitment(packet);
        _routerBehind(packet.destClient).timeoutPacket(packet, "");
        _trips[number].stage = Stage.TimedOut;
        return _trip(number);
    }

    /// @dev Settling deletes it; somebody could still have a proof of it.
    function _rememberCommitment(Packet memory packet) private {
        ILightClient lightClient = _routerBehind(packet.sourceClient).getClient(packet.destClient).lightClient;
        bytes32 path = keccak256(PacketPaths.commitment(packet.sourceClient, packet.sequence));
        TestOnlyLightClient(address(lightClient)).remember(path);
    }

    /// @dev The router on the other side of a client id: `onA` is a name on `a`, so `b` is behind it.
    function _routerBehind(string memory clientId) private view returns (PacketRouter) {
        return keccak256(bytes(clientId)) == keccak256(bytes(onA)) ? b.router() : a.router();
    }

    function _counterpartyOf(bytes32 hashedClientId) private view returns (bytes32) {
        bytes32 hashedOnA = keccak256(bytes(onA));
        return hashedClientId == hashedOnA ? keccak256(bytes(onB)) : hashedOnA;
    }

    /// @dev How the router calls the application that a packet is for, when this contract brings it.
    function _receiving(uint256 number) private view returns (address app, bytes memory data) {
        Packet memory packet = _packet(number);
        app = _routerBehind(packet.sourceClient).getApp(packet.payloads[0].destPort);
        data = abi.encodeCall(
            IPacketApp.onRecvPacket,
            (PacketContext(packet.sourceClient, packet.destClient, packet.sequence, packet.payloads[0], address(this)))
        );
    }

    // ------------------------------------------------------------------------------------------------------- the list

    function _oldest(Stage stage) private returns (uint256) {
        collect();
        for (uint256 i = 0; i < _trips.length; ++i)
            if (stage == Stage.Received ? _isAnswered(i) : _trips[i].stage == stage) return i;
        if (stage == Stage.Received) revert NothingToAcknowledge();
        revert NothingToDeliver();
    }

    function _isAnswered(uint256 number) private view returns (bool) {
        return _trips[number].stage == Stage.Received && _trips[number].acknowledgement.length != 0;
    }

    function _packet(uint256 number) private view returns (Packet memory) {
        return abi.decode(_trips[number].packet, (Packet));
    }

    function _trip(uint256 number) private view returns (Trip memory) {
        Stored storage stored = _trips[number];
        return Trip(_packet(number), stored.stage, stored.refused, stored.reason, stored.acknowledgement);
    }

    function _key(bytes32 hashedClientId, uint256 sequence) private pure returns (bytes32) {
        return keccak256(abi.encode(hashedClientId, sequence));
    }
}
