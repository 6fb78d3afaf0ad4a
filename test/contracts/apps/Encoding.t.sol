// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {TransferData} from "../../../contracts/evm/apps/transfer/TransferData.sol";
import {MalformedPacketData} from "../../../contracts/evm/errors/AppErrors.sol";
import {Expect} from "../support/Expect.sol";
import {Shipped} from "../support/Shipped.sol";
import {EncodingHarness} from "./support/EncodingHarness.sol";

/// @title The fast encodings against their plain references
contract EncodingTest is Expect {
    EncodingHarness private immutable ENCODING = EncodingHarness(Shipped.create("EncodingHarness.sol:EncodingHarness"));

    function testFuzz_WritesAddressesAsOpenZeppelinDoes(address value) public view {
        equal(ENCODING.write(value), Strings.toHexString(value), "text");
        (bool ok, address parsed) = ENCODING.parseLower(bytes(ENCODING.write(value)));
        isTrue(ok, "parses");
        equal(parsed, value, "same");
    }

    function testFuzz_ParsesAddressesAsOpenZeppelinDoes(address value, uint8 position, bytes1 character) public view {
        bytes memory text = bytes(Strings.toChecksumHexString(value));
        (bool ok, address parsed) = ENCODING.parse(text);
        isTrue(ok, "checksummed");
        equal(parsed, value, "same");
        text[position % 42] = character;
        (bool expectedOk, address expected) = Strings.tryParseAddress(string(text));
        (ok, parsed) = ENCODING.parse(text);
        isTrue(ok == expectedOk, "same verdict");
        equal(parsed, ok ? expected : address(0), "same value");
    }

    function testFuzz_LowerCaseIsOneTextPerAddress(address value, uint8 position, bytes1 character) public view {
        bytes memory text = bytes(ENCODING.write(value));
        text[position % 42] = character;
        (bool ok, address parsed) = ENCODING.parseLower(text);
        if (ok) equal(ENCODING.write(parsed), string(text), "canonical");
    }

    function test_RefusesOtherLengths() public view {
        (bool ok, ) = ENCODING.parse("");
        isTrue(!ok, "empty");
        (ok, ) = ENCODING.parse("0x00000000000000000000000000000000000000b0b");
        isTrue(!ok, "43");
        (ok, ) = ENCODING.parse("0000000000000000000000000000000000000b0b");
        isTrue(!ok, "no prefix");
    }

    /// @dev Accepts what `abi.encode` produces, and nothing else: any other bytes that `abi.decode` takes are refused.
    function testFuzz_DecodesExactlyWhatEncodingProduces(
        TransferData memory data,
        uint16 place,
        uint8 bit
    ) public view {
        bytes memory encoded = abi.encode(data);
        (bytes memory denom, bytes memory sender, bytes memory receiver, uint256 amount) = ENCODING.decode(encoded);
        equal(denom, bytes(data.denom), "denom");
        equal(sender, bytes(data.sender), "sender");
        equal(receiver, bytes(data.receiver), "receiver");
        equal(amount, data.amount, "amount");
        encoded[place % encoded.length] ^= bytes1(uint8(1 << (bit % 8)));
        try ENCODING.decode(encoded) {
            equal(abi.encode(this.plain(encoded)), encoded, "canonical");
        } catch (bytes memory reason) {
            equal(reason, abi.encodeWithSelector(MalformedPacketData.selector), "a reason, always");
        }
    }

    function testFuzz_RefusesAnyOtherBytes(bytes calldata data) public view {
        try ENCODING.decode(data) {
            equal(abi.encode(this.plain(data)), data, "canonical");
        } catch (bytes memory reason) {
            equal(reason, abi.encodeWithSelector(MalformedPacketData.selector), "a reason, always");
        }
    }

    function plain(bytes calldata data) external pure returns (TransferData memory) {
        return abi.decode(data, (TransferData));
    }
}
