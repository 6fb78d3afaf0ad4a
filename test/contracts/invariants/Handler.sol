// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {MessageData} from "../../../contracts/evm/apps/messages/MessageData.sol";
import {TransferData} from "../../../contracts/evm/apps/transfer/TransferData.sol";
import {RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {Authorities} from "./Authorities.sol";
import {People} from "./People.sol";

/// @title What people, relayers, authorities and a hostile chain may do, in any order and with any argument
/// @notice Every argument is reduced to something that exists. A refusal is an outcome like any other: no action reverts.
abstract contract Handler is People, Authorities {
    /// @dev The hostile chain claims to have sent something, and has it delivered. The same sequence may come again with other
    /// contents.
    function claimSent(bool toB, uint8 what, uint8 sequence, uint16 amount, uint8 to) external step(true) {
        Host host = toB ? b : a;
        Packet memory packet = Packet(
            1 + (uint64(sequence) % HOSTILE_SEQUENCES),
            clientOn(other(host), 0),
            clientOn(host, HOSTILE),
            clock[host] + 1 hours,
            one(claim(host, what, 1 + (amount % 500), people[to % people.length]))
        );
        hostileChain.claimSent(packet);
        relay(host, receiveBatch(packet));
    }

    function claim(Host host, uint8 what, uint256 amount, address to) internal view returns (Payload memory) {
        if (what % 7 == 6) {
            MessageData memory message = MessageData("0x00", HexAddress.write(address(writerOn(host))), "", "o", "");
            return Payload("gmpport", "gmpport", "ics27-2", "application/x-solidity-abi", abi.encode(message));
        }
        // Tokens of this host, or vouchers of the other chain's tokens, that would return: the chain goes by that name.
        string memory returning = string.concat("transfer/", clientOn(other(host), 0), "/");
        Asset memory mine = assets[address(host) == address(a) ? 0 : 1];
        Asset memory foreign = assets[address(host) == address(a) ? 1 : 0];
        string memory arrived = string.concat("transfer/", clientOn(host, 0), "/", HexAddress.write(foreign.token));
        string[6] memory denoms = [
            "gold",
            string.concat(returning, HexAddress.write(mine.token)),
            string.concat(returning, arrived),
            arrived,
            string.concat(returning, "transfer/", idsOnA[HOSTILE], "/gold"),
            string.concat("transfer/", clientOn(other(host), 1), "/", HexAddress.write(mine.token))
        ];
        TransferData memory data = TransferData(denoms[what % 7], "somebody", HexAddress.write(to), amount, "");
        return Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", abi.encode(data));
    }

    /// @dev Claims success, claims refusal, or denies receipt at any time, of what was sent to it, again and again.
    function claimOutcome(uint8 which, uint8 outcome) external step(true) {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence == 0 || entry.lane != HOSTILE) return;
        _claimOutcome(entry.source, packet, outcome);
    }

    /// @dev The same about a packet of an honest lane, under the hostile chain's client ids or those of the packet.
    function claimOutcomeOfOthers(uint8 which, uint8 outcome, bool rename) external step(true) {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence == 0 || entry.lane == HOSTILE) return;
        // A packet that was also sent to the hostile chain under that number would be its own business.
        if (rename) packet.sourceClient = clientOn(entry.source, HOSTILE);
        _claimOutcome(entry.source, packet, outcome);
        hostileChain.claimSent(packet);
        RelayBatch memory batch = receiveBatch(packet);
        batch.clientId = clientOn(entry.target, HOSTILE);
        relay(entry.target, batch);
    }

    function _claimOutcome(Host source, Packet memory packet, uint8 outcome) private {
        RelayBatch memory batch;
        if (outcome % 3 == 2) {
            batch = timeoutBatch(packet);
            batch.proof = proofAt(packet.timeoutTimestamp);
        } else {
            bytes[] memory claimed = one(outcome % 3 == 0 ? SUCCESS : ERROR_ACKNOWLEDGEMENT);
            hostileChain.claimAcknowledged(packet, claimed);
            batch = acknowledgeBatch(packet, claimed);
        }
        batch.clientId = clientOn(source, HOSTILE);
        relay(source, batch);
    }
}
