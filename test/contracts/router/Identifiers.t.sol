// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Expect} from "../support/Expect.sol";
import {Shipped} from "../support/Shipped.sol";
import {IdentifiersHarness} from "./support/IdentifiersHarness.sol";

contract IdentifiersTest is Expect {
    IdentifiersHarness private immutable IDENTIFIERS = IdentifiersHarness(
        Shipped.create("IdentifiersHarness.sol:IdentifiersHarness")
    );

    function test_AcceptsClientIdsOfEveryHost() public view {
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
        for (uint256 i = 0; i < good.length; ++i) isTrue(IDENTIFIERS.isClientId(bytes(good[i])), good[i]);
    }

    function test_RefusesOtherClientIds() public view {
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
        for (uint256 i = 0; i < bad.length; ++i) isTrue(!IDENTIFIERS.isClientId(bytes(bad[i])), bad[i]);
    }

    function test_PortsHaveTheHostsAlphabet() public view {
        isTrue(IDENTIFIERS.isPort("transfer"), "transfer");
        isTrue(IDENTIFIERS.isPort("a._+-#[]<>Z9"), "alphabet");
        isTrue(!IDENTIFIERS.isPort("a"), "one character");
        isTrue(!IDENTIFIERS.isPort("trans/fer"), "slash");
        isTrue(!IDENTIFIERS.isPort("trans fer"), "space");
        isTrue(!IDENTIFIERS.isPort(""), "empty");
        isTrue(IDENTIFIERS.isPort(_repeat("p", 128)), "128 characters");
        isTrue(!IDENTIFIERS.isPort(_repeat("p", 129)), "129 characters");
    }

    function test_LabelsArePrintableAndNotBlank() public view {
        isTrue(IDENTIFIERS.isLabel("ics20-1"), "version");
        isTrue(IDENTIFIERS.isLabel("application/x-solidity-abi"), "encoding");
        isTrue(!IDENTIFIERS.isLabel(""), "empty");
        isTrue(!IDENTIFIERS.isLabel("  "), "blank");
        isTrue(!IDENTIFIERS.isLabel("a\n"), "line end");
        isTrue(!IDENTIFIERS.isLabel(unicode"é"), "not ASCII");
        isTrue(!IDENTIFIERS.isLabel(_repeat("v", 129)), "129 characters");
    }

    /// @dev A byte outside the alphabet anywhere makes an id invalid.
    function testFuzz_RefusesForeignBytes(uint8 position, bytes1 character) public view {
        bytes memory id = "substrate-beefy-17";
        id[position % id.length] = character;
        bool word =
            (character >= "0" && character <= "9") ||
                (character >= "a" && character <= "z") ||
                (character >= "A" && character <= "Z") ||
                character == "_" ||
                character == "-";
        if (!word) isTrue(!IDENTIFIERS.isClientId(id), string(id));
    }

    /// @dev Judged 32 bytes at a time, but by no other rule: each byte from the blank to the tilde.
    function testFuzz_LabelsAreJudgedByteByByte(uint8 size, uint8 position, bytes1 character) public view {
        bytes memory label = _repeat("v", 1 + (uint256(size) % 128));
        uint256 at = position % label.length;
        label[at] = character;
        bool printable = character >= 0x20 && character <= 0x7e && (at > 0 || character != " ");
        isTrue(IDENTIFIERS.isLabel(label) == printable, "as byte by byte");
    }

    function _repeat(bytes1 character, uint256 count) private pure returns (bytes memory text) {
        text = new bytes(count);
        for (uint256 i = 0; i < count; ++i) text[i] = character;
    }
}
