// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {PastLightClient} from "./PastLightClient.sol";
import {Relayers} from "./Relayers.sol";

/// @title What guardians and administrators do, and what misbehaviour does
/// @notice Mostly they undo it again: else nothing would ever happen.
abstract contract Authorities is Relayers {
    function pause(bool ofB, uint8 chance) external {
        Host host = ofB ? b : a;
        bool wanted = chance % 8 == 0;
        if (paused[host] == wanted) return;
        paused[host] = wanted;
        if (wanted) host.pause();
        else host.unpause();
    }

    /// @dev A relayer brings proof of misbehaviour, together with a packet, which is not delivered any more; or, later, the
    /// administrator puts a new light client behind the client id.
    function freeze(bool onB_, uint8 which, uint8 chance, uint8 packet) external {
        Host host = onB_ ? b : a;
        uint8 lane = which % HONEST_LANES;
        bool wanted = chance % 8 == 0;
        if (frozen[host][lane] == wanted) return;
        if (wanted) {
            if (paused[host]) return;
            // From here on the lane rests: also in the transaction that freezes it.
            frozen[host][lane] = true;
            this.bringMisbehaviour(host, lane, packet);
        } else {
            frozen[host][lane] = false;
            host.migrateClient(clientOn(host, lane), address(new PastLightClient(past[other(host)])));
        }
    }

    function bringMisbehaviour(Host host, uint8 lane, uint8 which) external step(false) {
        RelayBatch memory batch = emptyBatch(clientOn(host, lane));
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence != 0 && entry.lane == lane && address(entry.target) == address(host))
            batch = receiveBatch(packet);
        batch.updates = one(bytes("misbehaviour"));
        relay(host, provenAt(batch, past[other(host)].latest()));
    }

    /// @dev A limit on what arrives of an asset, or mostly none.
    function limit(uint8 which, bool home, uint16 perDay, uint8 chance) external {
        uint256 index = which % assets.length;
        Host host = home ? assets[index].home : assets[index].away;
        string memory clientId = clientOn(host, assets[index].lane);
        enter(host);
        if (chance % 4 == 0) host.setRateLimit(clientId, tokenOn(host, index), perDay % 1_000);
        else host.removeRateLimit(clientId, tokenOn(host, index));
    }
}
