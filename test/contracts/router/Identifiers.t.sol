// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Identifiers} from "../../../contracts/evm/store/Identifiers.sol";
import {Expect} from "../support/Expect.sol";

contract IdentifiersTest is Expect {
    function test_AcceptsClientIdsOfEveryHost() public pure {
        string[9] memory good = [
            "beacon-0",
            "client-0",
            "08-wasm-0",
            "07-tendermint-0",
            "attestations-12",
            "a-b_c-d-0",
            "x-12345678901234567890",
            "substrate-18446744073709551615",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-0"
        ];
        for (uint256 i = 0; i < good.length; ++i) isTrue(Identifiers.isClientId(bytes(good[i])), good[i]);
    }

    function test_RefusesOtherClientIds() public pure {
        string[18] memory bad = [
            "",
            "qbft-0",
            "beacon-",
            "beacon0",
            "beaconnn",
            "-0000000",
            "--------",
            "-beacon-0",
            "beacon--0",
            "beacon-0 ",
            " beacon-0",
            "bea con-0",
            "bea/con-0",
            "beacon-0x1",
            "beacon-1.0",
            unicode"beacön-0",
            "x-123456789012345678901",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-0"
        ];
        for (uint256 i = 0; i < bad.length; ++i) isTrue(!Identifiers.isClientId(bytes(bad[i])), bad[i]);
    }

    function test_PortsHaveTheHostsAlphabet() public pure {
        isTrue(Identifiers.isPort("transfer"), "transfer");
        isTrue(Identifiers.isPort("a._+-#[]<>Z9"), "alphabet");
        isTrue(!Identifiers.isPort("a"), "one character");
        isTrue(!Identifiers.isPort("trans/fer"), "slash");
        isTrue(!Identifiers.isPort("trans fer"), "space");
        isTrue(!Identifiers.isPort(""), "empty");
        isTrue(Identifiers.isPort(_repeat("p", 128)), "128 characters");
        isTrue(!Identifiers.isPort(_repeat("p", 129)), "129 characters");
    }

    function test_LabelsArePrintableAndNotBlank() public pure {
        isTrue(Identifiers.isLabel("ics20-1"), "version");
        isTrue(Identifiers.isLabel("application/x-solidity-abi"), "encoding");
        isTrue(!Identifiers.isLabel(""), "empty");
        isTrue(!Identifiers.isLabel("  "), "blank");
        isTrue(!Identifiers.isLabel("a\n"), "line end");
        isTrue(!Identifiers.isLabel(unicode"é"), "not ASCII");
        isTrue(!Identifiers.isLabel(_repeat("v", 129)), "129 characters");
    }

    /// @dev A byte outside the alphabet anywhere makes an id invalid.
    function testFuzz_RefusesForeignBytes(uint8 position, bytes1 character) public pure {
        bytes memory id = "substrate-beefy-17";
        id[position % id.length] = character;
        bool word =
            (character >= "0" && character <= "9") ||
                (character >= "a" && character <= "z") ||
                (character >= "A" && character <= "Z") ||
                character == "_" ||
                character == "-";
        if (!word) isTrue(!Identifiers.isClientId(id), string(id));
    }

    /// @dev Judged 32 bytes at a time, but by no other rule: each byte from the blank to the tilde.
    function testFuzz_LabelsAreJudgedByteByByte(uint8 size, uint8 position, bytes1 character) public pure {
        bytes memory label = _repeat("v", 1 + (uint256(size) % 128));
        uint256 at = position % label.length;
        label[at] = character;
        bool printable = character >= 0x20 && character <= 0x7e && (at > 0 || character != " ");
        isTrue(Identifiers.isLabel(label) == printable, "as byte by byte");
    }

    function _repeat(bytes1 character, uint256 count) private pure returns (bytes memory text) {
        text = new bytes(count);
        for (uint256 i = 0; i < count; ++i) text[i] = character;
    }
}
