// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Claim, ClientStatus, UpdateResult} from "../../../../contracts/evm/interfaces/ILightClient.sol";
import {BeaconLightClient} from "../../../../contracts/evm/light-clients/BeaconLightClient.sol";
import {Expect} from "../../support/Expect.sol";
import {Shipped} from "../../support/Shipped.sol";
import {vm} from "../../support/Vm.sol";

/// @title The vectors of test/vectors/beacon, judged by the light client
/// @notice What it is called with is in a vector's `packed`; what has to come of it, in `expect`.
abstract contract BeaconVectors is Expect {
    struct Vector {
        string json;
        bytes trusted;
        /// Unix seconds.
        uint256 time;
        bytes[] updates;
        bytes proof;
        Claim[] claims;
        /// Of misbehaviour; empty for everything else.
        bytes report;
    }

    bytes32 private constant FROZEN = keccak256("CONFLICTING_HEADER");

    function vector(string memory name) internal view returns (Vector memory v) {
        v.json = vm.readFile(string.concat("test/vectors/beacon/", name, ".json"));
        v.trusted = vm.parseJsonBytes(v.json, ".trusted");
        v.time = vm.parseJsonUint(v.json, ".now");
        if (vm.keyExistsJson(v.json, ".misbehaviour")) {
            v.report = vm.parseJsonBytes(v.json, ".packed");
            return v;
        }
        v.updates = vm.parseJsonBytesArray(v.json, ".packed.updates");
        v.proof = vm.parseJsonBytes(v.json, ".packed.proof");
        bytes[] memory paths = vm.parseJsonBytesArray(v.json, ".packed.paths");
        bytes[] memory values = vm.parseJsonBytesArray(v.json, ".packed.values");
        v.claims = new Claim[](paths.length);
        for (uint256 i = 0; i < paths.length; ++i)
            v.claims[i] = Claim(paths[i], values[i].length != 0, bytes32(values[i]));
    }

    function clientOf(Vector memory v) internal returns (BeaconLightClient) {
        vm.warp(v.time);
        return Shipped.beaconLightClient(v.trusted, address(this));
    }

    /// @return reason Empty when all of it was accepted.
    function judge(BeaconLightClient client, Vector memory v) internal returns (bytes memory reason) {
        if (v.report.length != 0) {
            try client.reportMisbehaviour(v.report) {} catch (bytes memory why) {
                return why;
            }
        }
        for (uint256 i = 0; i < v.updates.length; ++i)
            try client.update(v.updates[i]) returns (UpdateResult result) {
                if (result != UpdateResult.Misbehaviour) continue;
                isTrue(client.status() == ClientStatus.Frozen, "frozen");
                return abi.encodePacked(FROZEN);
            } catch (bytes memory why) {
                return why;
            }
        if (v.proof.length == 0) return "";
        try client.verify(new bytes[](0), v.claims, v.proof) {} catch (bytes memory why) {
            return why;
        }
    }

    /// @notice For the reason that the vector names, and without a trace but a freeze.
    function refuses(string memory name) internal {
        Vector memory v = vector(name);
        BeaconLightClient client = clientOf(v);
        string memory reason = vm.parseJsonString(v.json, ".expect.reason");
        bytes memory got = judge(client, v);
        if (keccak256(bytes(reason)) == FROZEN) equal(got, abi.encodePacked(FROZEN), name);
        else equal(got, abi.encodePacked(selectorOf(reason)), string.concat(name, ": ", reason));
        if (v.updates.length == 1 && got.length == 4) equal(client.clientState(), v.trusted, "nothing changed");
    }

    /// @notice And leads to the state that the vector names.
    function accepts(string memory name) internal {
        Vector memory v = vector(name);
        BeaconLightClient client = clientOf(v);
        equal(judge(client, v), "", name);
        equal(sha256(client.clientState()), vm.parseJsonBytes32(v.json, ".expect.state"), name);
        if (v.proof.length == 0) return;
        uint64 timestamp = client.verify(new bytes[](0), v.claims, v.proof);
        equal(timestamp, vm.parseJsonUint(v.json, ".expect.timestamp"), name);
    }

    /// @dev INVALID_SIGNATURE is InvalidSignature() here.
    function selectorOf(string memory reason) internal pure returns (bytes4) {
        bytes memory from = bytes(reason);
        bytes memory name = new bytes(from.length);
        uint256 length = 0;
        for (uint256 i = 0; i < from.length; ++i) {
            if (from[i] == "_") continue;
            bool isFirst = i == 0 || from[i - 1] == "_";
            name[length++] = isFirst ? from[i] : bytes1(uint8(from[i]) + 32);
        }
        assembly ("memory-safe") {
            mstore(name, length)
        }
        return bytes4(keccak256(bytes.concat(name, "()")));
    }
}
