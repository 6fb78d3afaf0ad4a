// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {TransferData, TransferDataCodec} from "../../../contracts/evm/apps/transfer/TransferData.sol";
import {MalformedPacketData} from "../../../contracts/evm/errors/AppErrors.sol";
import {Expect} from "../support/Expect.sol";

/// @title The fast encodings against their plain references
contract EncodingTest is Expect {
    function testFuzz_WritesAddressesAsOpenZeppelinDoes(address value) public view {
        equal(HexAddress.write(value), Strings.toHexString(value), "text");
        (bool ok, address parsed) = this.parseLower(bytes(HexAddress.write(value)));
        isTrue(ok, "parses");
        equal(parsed, value, "same");
    }

    function testFuzz_ParsesAddressesAsOpenZeppelinDoes(address value, uint8 position, bytes1 character) public view {
        bytes memory text = bytes(Strings.toChecksumHexString(value));
        (bool ok, address parsed) = this.parse(text);
        isTrue(ok, "checksummed");
        equal(parsed, value, "same");
        text[position % 42] = character;
        (bool expectedOk, address expected) = Strings.tryParseAddress(string(text));
        (ok, parsed) = this.parse(text);
        isTrue(ok == expectedOk, "same verdict");
        equal(parsed, ok ? expected : address(0), "same value");
    }

    function testFuzz_LowerCaseIsOneTextPerAddress(address value, uint8 position, bytes1 character) public view {
        bytes memory text = bytes(HexAddress.write(value));
        text[position % 42] = character;
        (bool ok, address parsed) = this.parseLower(text);
        if (ok) equal(HexAddress.write(parsed), string(text), "canonical");
    }

    function test_RefusesOtherLengths() public view {
        (bool ok, ) = this.parse("");
        isTrue(!ok, "empty");
        (ok, ) = this.parse("0x00000000000000000000000000000000000000b0b");
        isTrue(!ok, "43");
        (ok, ) = this.parse("0000000000000000000000000000000000000b0b");
        isTrue(!ok, "no prefix");
    }

    /// @dev Accepts what `abi.encode` produces, and nothing else: any other bytes that `abi.decode` takes are refused.
    function testFuzz_DecodesExactlyWhatEncodingProduces(
        TransferData memory data,
        uint16 place,
        uint8 bit
    ) public view {
        bytes memory encoded = abi.encode(data);
        (bytes memory denom, bytes memory sender, bytes memory receiver, uint256 amount) = this.decode(encoded);
        equal(denom, bytes(data.denom), "denom");
        equal(sender, bytes(data.sender), "sender");
        equal(receiver, bytes(data.receiver), "receiver");
        equal(amount, data.amount, "amount");
        encoded[place % encoded.length] ^= bytes1(uint8(1 << (bit % 8)));
        try this.decode(encoded) {
            equal(abi.encode(this.plain(encoded)), encoded, "canonical");
        } catch (bytes memory reason) {
            equal(reason, abi.encodeWithSelector(MalformedPacketData.selector), "a reason, always");
        }
    }

    function testFuzz_RefusesAnyOtherBytes(bytes calldata data) public view {
        try this.decode(data) {
            equal(abi.encode(this.plain(data)), data, "canonical");
        } catch (bytes memory reason) {
            equal(reason, abi.encodeWithSelector(MalformedPacketData.selector), "a reason, always");
        }
    }

    function parse(bytes calldata text) external pure returns (bool, address) {
        return HexAddress.tryParse(text);
    }

    function parseLower(bytes calldata text) external pure returns (bool, address) {
        return HexAddress.tryParseLower(text);
    }

    function decode(bytes calldata data) external pure returns (bytes memory, bytes memory, bytes memory, uint256) {
        return TransferDataCodec.decode(data);
    }

    function plain(bytes calldata data) external pure returns (TransferData memory) {
        return abi.decode(data, (TransferData));
    }
}
