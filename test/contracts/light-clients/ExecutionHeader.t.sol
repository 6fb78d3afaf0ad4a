// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ExecutionHeader} from "../../../contracts/evm/libraries/ExecutionHeader.sol";
import {Shipped} from "../support/Shipped.sol";
import {ExecutionHeaderHarness} from "./support/ExecutionHeaderHarness.sol";
import {TriePath} from "./support/TriePath.sol";

/// Headers are read as they were written, and refused when anything about their form is not canonical.
contract ExecutionHeaderTest {
    ExecutionHeaderHarness private immutable HARNESS = ExecutionHeaderHarness(
        Shipped.create("ExecutionHeaderHarness.sol:ExecutionHeaderHarness")
    );
    bytes32 private constant STATE_ROOT = keccak256("state");

    function testFuzz_ReadsHeightTimeAndStateRoot(
        uint64 height,
        uint64 timestamp,
        bytes32 stateRoot,
        uint8 more
    ) public view {
        bytes[] memory fields = _fields(15 + (more % 50), height, timestamp);
        fields[3] = abi.encodePacked(stateRoot);
        (bool ok, ExecutionHeader.Block memory parsed) = HARNESS.parse(_list(fields));
        require(ok, "refused");
        require(parsed.height == height && parsed.timestamp == timestamp && parsed.stateRoot == stateRoot, "misread");
    }

    function test_RefusesTooFewAndTooManyFields() public view {
        require(_accepts(_list(_fields(15, 1, 1))), "15");
        require(_accepts(_list(_fields(64, 1, 1))), "64");
        _refuses(_list(_fields(14, 1, 1)));
        _refuses(_list(_fields(65, 1, 1)));
    }

    function test_RefusesAStateRootOfAnotherLength() public view {
        bytes[] memory fields = _fields(21, 1, 1);
        fields[3] = new bytes(31);
        _refuses(_list(fields));
        fields[3] = new bytes(33);
        _refuses(_list(fields));
        fields[3] = "";
        _refuses(_list(fields));
    }

    function test_RefusesIntegersWithLeadingZerosOrNineBytes() public view {
        for (uint256 place = 8; place <= 11; place += 3) {
            bytes[] memory fields = _fields(21, 1, 1);
            fields[place] = hex"00";
            _refuses(_list(fields));
            fields[place] = hex"0001";
            _refuses(_list(fields));
            fields[place] = hex"010000000000000000";
            _refuses(_list(fields));
            fields[place] = hex"ffffffffffffffff";
            require(_accepts(_list(fields)), "eight bytes");
        }
    }

    function test_RefusesWhatIsNotCanonical() public view {
        bytes memory head = abi.encodePacked(
            hex"80",
            hex"80",
            hex"80",
            hex"a0",
            STATE_ROOT,
            hex"80808080",
            hex"01",
            hex"8080",
            hex"02"
        );
        // 12 fields so far; three more make the smallest header, in a short list.
        require(_accepts(_short(abi.encodePacked(head, hex"808080"))), "the smallest header");
        _refuses(_short(abi.encodePacked(head, hex"8080c0")));
        _refuses(_short(abi.encodePacked(head, hex"80808105")));
        require(_accepts(_short(abi.encodePacked(head, hex"80808180"))), "a byte that needs its prefix");
        _refuses(_short(abi.encodePacked(head, hex"8080b801ff")));
        _refuses(_short(abi.encodePacked(head, hex"8080b90001ff")));
        _refuses(_short(abi.encodePacked(head, hex"808082ff")));
        _refuses(_short(abi.encodePacked(head, hex"8080bfffffffffffffffff")));
        // A list's length in its long form, where the short one would do.
        bytes memory payload = abi.encodePacked(head, hex"808080");
        _refuses(abi.encodePacked(hex"f8", uint8(payload.length), payload));
        _refuses(abi.encodePacked(_short(payload), hex"80"));
        _refuses(payload);
        _refuses("");
        _refuses(hex"c0");
    }

    function testFuzz_RefusesAHeaderCutOrPadded(uint64 height, uint256 size, bytes1 more) public view {
        bytes memory header = _list(_fields(21, height, 7));
        bytes memory cut = new bytes(size % header.length);
        for (uint256 i = 0; i < cut.length; i++) cut[i] = header[i];
        _refuses(cut);
        _refuses(abi.encodePacked(header, more));
    }

    /// Whatever is accepted is exactly what writing the fields again gives.
    function testFuzz_AcceptsOnlyItsOwnEncoding(uint64 height, uint256 position, uint8 change) public view {
        bytes memory header = _list(_fields(21, height, 7));
        uint256 first = header.length > 258 ? 3 : 2;
        header[position % header.length] ^= bytes1(change);
        (bool ok, ExecutionHeader.Block memory parsed) = HARNESS.parse(header);
        if (!ok) return;
        bytes[] memory fields = new bytes[](64);
        uint256 count = 0;
        for (uint256 p = first; p < header.length; count++) {
            uint256 prefix = uint8(header[p]);
            uint256 size =
                prefix < 0x80
                    ? 1
                    : prefix < 0xb8
                        ? prefix - 0x80
                        : uint8(header[p + 1]);
            if (prefix == 0xb9) size = (uint256(uint8(header[p + 1])) << 8) | uint8(header[p + 2]);
            p +=
                prefix < 0x80
                    ? 0
                    : prefix < 0xb8
                        ? 1
                        : prefix - 0xb6;
            fields[count] = new bytes(size);
            for (uint256 i = 0; i < size; i++) fields[count][i] = header[p + i];
            p += size;
        }
        bytes[] memory written = new bytes[](count);
        for (uint256 i = 0; i < count; i++) written[i] = fields[i];
        require(keccak256(_list(written)) == keccak256(header), "another encoding was accepted");
        require(keccak256(fields[8]) == keccak256(_integer(parsed.height)), "height");
        require(keccak256(fields[11]) == keccak256(_integer(parsed.timestamp)), "timestamp");
    }

    function _fields(uint256 count, uint64 height, uint64 timestamp) private pure returns (bytes[] memory fields) {
        fields = new bytes[](count);
        for (uint256 i = 0; i < count; i++) fields[i] = abi.encodePacked(keccak256(abi.encode(i)));
        if (count > 6) fields[6] = new bytes(256);
        if (count > 7) fields[7] = "";
        if (count > 8) fields[8] = _integer(height);
        if (count > 11) fields[11] = _integer(timestamp);
        if (count > 12) fields[12] = hex"7f";
    }

    function _integer(uint64 value) private pure returns (bytes memory digits) {
        for (; value > 0; value >>= 8) digits = abi.encodePacked(uint8(value), digits);
    }

    function _list(bytes[] memory fields) private pure returns (bytes memory) {
        bytes memory payload;
        for (uint256 i = 0; i < fields.length; i++) payload = abi.encodePacked(payload, TriePath.string_(fields[i]));
        uint256 size = payload.length;
        if (size < 56) return _short(payload);
        if (size < 256) return abi.encodePacked(hex"f8", uint8(size), payload);
        return abi.encodePacked(hex"f9", uint16(size), payload);
    }

    function _short(bytes memory payload) private pure returns (bytes memory) {
        return abi.encodePacked(uint8(0xc0 + payload.length), payload);
    }

    function _accepts(bytes memory header) private view returns (bool ok) {
        (ok, ) = HARNESS.parse(header);
    }

    function _refuses(bytes memory header) private view {
        require(!_accepts(header), "accepted");
    }
}
