// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {CallerIsNotTransferApp} from "../../errors/AppErrors.sol";

/// @title A token of another chain, as it arrived here over one light client
/// @notice A clone that carries its trace, `transfer/<client id>/<denom there>`, in its code. Tokens that came over different
/// light clients are different vouchers: none can stand in for another.
/// @dev IBC packets carry no decimals; 18 is what most EVM tokens have, and matters for display only.
contract Voucher is ERC20 {
    address private immutable _transferApp;

    modifier onlyTransferApp() {
        if (msg.sender != _transferApp) revert CallerIsNotTransferApp(msg.sender);
        _;
    }

    constructor() ERC20("", "") {
        _transferApp = msg.sender;
    }

    function mint(address to, uint256 amount) external onlyTransferApp {
        _mint(to, amount);
    }

    function burn(address from, uint256 amount) external onlyTransferApp {
        _burn(from, amount);
    }

    function trace() public view returns (string memory) {
        return string(Clones.fetchCloneArgs(address(this)));
    }

    function name() public view override returns (string memory) {
        return trace();
    }

    function symbol() public pure override returns (string memory) {
        return "VOUCHER";
    }
}
