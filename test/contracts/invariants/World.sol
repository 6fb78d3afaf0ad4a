// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {DemoToken} from "../../../contracts/evm/apps/examples/DemoToken.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {Host} from "../support/Host.sol";
import {MoodyToken} from "../support/MoodyToken.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {vm} from "../support/Vm.sol";
import {Correspondent} from "./Correspondent.sol";
import {HostileChain} from "./HostileChain.sol";
import {PastLightClient} from "./PastLightClient.sol";
import {PastStore} from "./PastStore.sol";

/// @title Two honest hosts with two lanes between them, a hostile chain that both follow, three people and their tokens
/// @notice Each host has a clock of its own, and a past: light clients of the honest lanes prove what a host held after any of its
/// blocks, and nothing else. The hostile chain goes by the client ids of the first honest lane: confusing the two would pay off.
abstract contract World is TwoHosts {
    /// @param token At home, where it is escrowed; `voucher` is what it becomes over the lane.
    struct Asset {
        Host home;
        Host away;
        uint8 lane;
        address token;
        address voucher;
    }

    uint256 internal constant SUPPLY = 3_000;
    uint8 internal constant HONEST_LANES = 2;
    uint8 internal constant HOSTILE = 2;
    /// @dev Sequences the hostile chain uses.
    uint64 internal constant HOSTILE_SEQUENCES = 6;
    bytes internal constant SUCCESS = '{"result":"AQ=="}';

    /// Client ids by lane; the last is the hostile chain's.
    string[3] internal idsOnA;
    string[3] internal idsOnB;
    mapping(Host => PastStore) internal past;
    /// Unix seconds of the block that a host is working on.
    mapping(Host => uint64) internal clock;
    HostileChain internal hostileChain;
    Asset[5] internal assets;
    address[3] internal people = [address(0xA11CE), address(0xB0B), address(0xCA401)];
    MoodyToken internal moody;
    Correspondent internal writerOnA;
    Correspondent internal writerOnB;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i < 2; ++i) {
            Host host = i == 0 ? a : b;
            past[host] = new PastStore(host.router(), uint64(block.timestamp));
            clock[host] = uint64(block.timestamp) + 1;
        }
        for (uint8 lane = 0; lane < HONEST_LANES; ++lane) {
            idsOnA[lane] = a.router().createClient(address(new PastLightClient(past[b])));
            idsOnB[lane] = b.router().createClient(address(new PastLightClient(past[a])));
            a.router().registerCounterparty(idsOnA[lane], idsOnB[lane], new bytes[](1), 4);
            b.router().registerCounterparty(idsOnB[lane], idsOnA[lane], new bytes[](1), 4);
        }
        hostileChain = new HostileChain();
        IPacketRouter claimed = IPacketRouter(address(hostileChain));
        (idsOnA[HOSTILE], ) = a.createClient(claimed);
        (idsOnB[HOSTILE], ) = b.createClient(claimed);
        a.registerCounterparty(idsOnA[HOSTILE], idsOnB[0], 4);
        b.registerCounterparty(idsOnB[HOSTILE], idsOnA[0], 4);
        writerOnA = new Correspondent(a.messageApp());
        writerOnB = new Correspondent(b.messageApp());
        _setUpAssets();
    }

    function _setUpAssets() private {
        moody = new MoodyToken(SUPPLY);
        address token = _handOut(new DemoToken("Demo", "DEMO", SUPPLY));
        string memory gold = string.concat("transfer/", idsOnA[HOSTILE], "/gold");
        string memory abroad = string.concat("transfer/", idsOnB[0], "/", HexAddress.write(token));
        assets[0] = _asset(a, 0, token, HexAddress.write(token));
        assets[1] = _asset(b, 0, _handOut(moody), HexAddress.write(address(moody)));
        // A voucher of the hostile chain, which travels on.
        assets[2] = _asset(a, 0, a.transferApp().voucherOf(idsOnA[HOSTILE], "gold"), gold);
        // The first token again, over the other lane; and its voucher, back to where it came from over the wrong lane.
        assets[3] = _asset(a, 1, token, HexAddress.write(token));
        assets[4] = _asset(b, 1, assets[0].voucher, abroad);
    }

    function _handOut(DemoToken token) private returns (address) {
        for (uint256 i = 0; i < people.length; ++i) token.transfer(people[i], SUPPLY / people.length);
        return address(token);
    }

    function _asset(Host home, uint8 lane, address token, string memory denom) private view returns (Asset memory) {
        Host away = other(home);
        return Asset(home, away, lane, token, away.transferApp().voucherOf(clientOn(away, lane), denom));
    }

    function other(Host host) internal view returns (Host) {
        return address(host) == address(a) ? b : a;
    }

    function clientOn(Host host, uint8 lane) internal view returns (string memory) {
        return address(host) == address(a) ? idsOnA[lane] : idsOnB[lane];
    }

    function writerOn(Host host) internal view returns (Correspondent) {
        return address(host) == address(a) ? writerOnA : writerOnB;
    }

    /// @dev What an asset is on a host.
    function tokenOn(Host host, uint256 asset) internal view returns (address) {
        return address(assets[asset].home) == address(host) ? assets[asset].token : assets[asset].voucher;
    }

    /// @dev The next calls are of the block that the host is working on.
    function enter(Host host) internal {
        vm.warp(clock[host]);
    }
}
