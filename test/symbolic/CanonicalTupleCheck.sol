// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MalformedPacketData} from "../../contracts/evm/errors/AppErrors.sol";
import {MessageDataCodec} from "../../contracts/evm/apps/messages/MessageData.sol";
import {TransferData, TransferDataCodec} from "../../contracts/evm/apps/transfer/TransferData.sol";
import {vm} from "../contracts/support/Vm.sol";

/// @title Packet data is accepted exactly when it is what `abi.encode` produces
contract CanonicalTupleCheck {
    /// One member of up to 34 bytes, in data of 0 to 3 words after its length: places and padding have one valid form.
    function check_oneMember(
        uint256 tupleAt,
        uint256 memberAt,
        bytes32[3] calldata content,
        uint8 length,
        uint8 words
    ) external view {
        // One path for each pair: sizes have to be plain numbers where bytes are copied.
        for (uint256 l = 0; l <= 34; l++)
            for (uint256 w = 0; w <= 3; w++)
                if (length == l && words == w) return _judge(tupleAt, memberAt, content, l, w);
    }

    function _judge(
        uint256 tupleAt,
        uint256 memberAt,
        bytes32[3] calldata content,
        uint256 length,
        uint256 words
    ) private view {
        bytes memory tail = _head(abi.encodePacked(content), 32 * words);
        bool expected = _both(_both(tupleAt == 32, memberAt == 32), words == (length + 31) / 32);
        for (uint256 i = length; i < tail.length; i++) expected = _both(expected, tail[i] == 0);
        try this.decodeResult(abi.encodePacked(tupleAt, memberAt, length, tail)) returns (bytes memory result) {
            assert(expected);
            assert(keccak256(result) == keccak256(_head(tail, length)));
        } catch (bytes memory reason) {
            assert(!expected);
            assert(bytes4(reason) == MalformedPacketData.selector);
        }
    }

    /// A length beyond the data is refused with the reason, however near to 2^256 it is.
    function check_longMember(uint256 length, bytes32 content) external view {
        vm.assume(length > 32);
        try this.decodeResult(abi.encodePacked(uint256(32), uint256(32), length, content)) {
            assert(false);
        } catch (bytes memory reason) {
            assert(bytes4(reason) == MalformedPacketData.selector);
        }
    }

    /// All five head words of a transfer: only the amount may vary.
    function check_transferHead(uint256[5] calldata head, bytes3 denom, bytes32 sender, bytes5 memo) external view {
        bytes memory encoded = abi.encodePacked(
            abi.encodePacked(uint256(32), head),
            abi.encodePacked(uint256(3), bytes32(denom)),
            abi.encodePacked(uint256(32), sender),
            abi.encodePacked(uint256(0)),
            abi.encodePacked(uint256(5), bytes32(memo))
        );
        bool expected = _both(_both(head[0] == 160, head[1] == 224), _both(head[2] == 288, head[4] == 320));
        try this.decodeTransfer(encoded) returns (TransferData memory data) {
            assert(expected);
            assert(data.amount == head[3]);
            assert(bytes32(bytes(data.denom)) == bytes32(denom) && bytes32(bytes(data.sender)) == sender);
            assert(keccak256(abi.encode(data)) == keccak256(encoded));
        } catch (bytes memory reason) {
            assert(!expected);
            assert(bytes4(reason) == MalformedPacketData.selector);
        }
    }

    function decodeResult(bytes calldata data) external pure returns (bytes memory) {
        return MessageDataCodec.decodeResult(data);
    }

    /// The memo, which the decoder does not return, is the last five bytes of its word.
    function decodeTransfer(bytes calldata data) external pure returns (TransferData memory) {
        (bytes calldata denom, bytes calldata sender, bytes calldata receiver, uint256 amount) = TransferDataCodec
            .decode(data);
        bytes calldata memo = data[data.length - 32:data.length - 27];
        return TransferData(string(denom), string(sender), string(receiver), amount, string(memo));
    }

    function _head(bytes memory data, uint256 size) private pure returns (bytes memory head) {
        head = new bytes(size > data.length ? data.length : size);
        for (uint256 i = 0; i < head.length; i++) head[i] = data[i];
    }

    /// `&&` would be a branch.
    function _both(bool a, bool b) private pure returns (bool both) {
        assembly {
            both := and(a, b)
        }
    }
}
