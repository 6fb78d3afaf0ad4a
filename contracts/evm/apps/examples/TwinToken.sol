// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ITransferApp} from "../../interfaces/ITransferApp.sol";

/// @title Example: a token with one canonical twin on another chain
/// @notice The twin is the voucher that TransferApp makes there for what arrives over one light client. There is nothing to
/// deploy for it, and nobody can mint it but by sending this token. Holders call `TransferApp.sendTransfer` here to send tokens
/// there, and the same function there to bring them home.
///
/// What a token has to do: move exactly the amount it is told to (TransferApp refuses tokens that take a fee), never change
/// balances by itself (what is held for the twin would no longer cover it), and let TransferApp pay out at any time: a refund
/// that this token refuses is not lost, but waits until it no longer does. Vouchers show 18 decimals: have as many.
///
/// What it must not do: call `sendTransfer` for its holders. A refund goes to whoever called it.
contract TwinToken is ERC20 {
    ITransferApp public immutable transferApp;
    /// @notice The light client whose vouchers are this token's twin. Over any other, tokens arrive as something else: anyone
    /// can create light clients, so this is for wallets to compare with.
    string public twinClientId;

    constructor(ITransferApp transferApp_, string memory twinClientId_, uint256 supply) ERC20("Twin Token", "TWIN") {
        transferApp = transferApp_;
        twinClientId = twinClientId_;
        _mint(msg.sender, supply);
    }

    /// @notice How much of the supply is on the other chain or on its way: what the twin's supply can be at most.
    function abroad() external view returns (uint256) {
        return transferApp.escrowed(twinClientId, address(this));
    }

    /// @notice TransferApp needs no approval, so that sending is one transaction: it takes tokens only from its own caller.
    function allowance(address owner, address spender) public view override returns (uint256) {
        return spender == address(transferApp) ? type(uint256).max : super.allowance(owner, spender);
    }
}
