// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Claim, ClientStatus, ILightClient, UpdateResult} from "../../../../contracts/evm/interfaces/ILightClient.sol";
import {Expect} from "../../support/Expect.sol";
import {vm} from "../../support/Vm.sol";

/// @title The vectors of one kind of light client, judged by it
/// @notice What it is called with is in a vector's `packed`; what has to come of it, in `expect`. A vector without the former has
/// what no contract sees.
abstract contract EvidenceVectors is Expect {
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

    /// @dev Where they are, ending with a slash.
    function _folder() internal pure virtual returns (string memory);

    /// @dev Of the counterparty, without the last element.
    function _prefix() internal pure virtual returns (bytes[] memory);

    /// @dev A light client of the vector's state, at its time.
    function _lightClientOf(Vector memory v) internal virtual returns (ILightClient);

    /// @dev Of a vector whose evidence no contract sees: whether there is no light client of its state.
    function _refusesState(Vector memory) internal virtual returns (bool) {
        return false;
    }

    function vector(string memory name) internal view returns (Vector memory v) {
        v.json = vm.readFile(string.concat(_folder(), name, ".json"));
        v.trusted = vm.parseJsonBytes(v.json, ".trusted");
        v.time = vm.parseJsonUint(v.json, ".now");
        if (!isSeen(v)) return v;
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

    function isSeen(Vector memory v) internal view returns (bool) {
        return vm.keyExistsJson(v.json, ".packed");
    }

    /// @return reason Empty when all of it was accepted.
    function judge(ILightClient client, Vector memory v) internal returns (bytes memory reason) {
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
        try client.verify(_prefix(), v.claims, v.proof) {} catch (bytes memory why) {
            return why;
        }
    }

    /// @notice All vectors of an attack in test/vectors/attacks.json that a contract sees.
    function refusesAll(string memory attack) internal {
        string memory attacks = vm.readFile("test/vectors/attacks.json");
        string[] memory names = vm.parseJsonStringArray(attacks, string.concat(".", attack, ".vectors"));
        uint256 judged = 0;
        for (uint256 i = 0; i < names.length; ++i) if (refuses(names[i])) ++judged;
        isTrue(judged != 0, attack);
    }

    /// @notice For the reason that the vector names, and without a trace but a freeze.
    /// @return Whether a contract sees what is wrong with it.
    function refuses(string memory name) internal returns (bool) {
        Vector memory v = vector(name);
        if (!isSeen(v)) return _refusesState(v);
        ILightClient client = _lightClientOf(v);
        string memory reason = vm.parseJsonString(v.json, ".expect.reason");
        bytes memory got = judge(client, v);
        if (keccak256(bytes(reason)) == FROZEN) equal(got, abi.encodePacked(FROZEN), name);
        else equal(got, abi.encodePacked(selectorOf(reason)), string.concat(name, ": ", reason));
        if (v.updates.length == 1 && got.length == 4) equal(client.clientState(), v.trusted, "nothing changed");
        return true;
    }

    /// @notice And leads to the state that the vector names.
    function accepts(string memory name) internal {
        Vector memory v = vector(name);
        ILightClient client = _lightClientOf(v);
        equal(judge(client, v), "", name);
        equal(sha256(client.clientState()), vm.parseJsonBytes32(v.json, ".expect.state"), name);
        if (v.proof.length == 0) return;
        uint64 timestamp = client.verify(_prefix(), v.claims, v.proof);
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
