// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../apps/encoding/HexAddress.sol";

/// @notice An account on another chain. Neither member means anything without the other: anyone can put any light client
/// behind a new client id, and then write any account's name over it.
/// @param clientId This chain's light client of the chain the account is on.
/// @param account Its address there, in that chain's notation; lower-case hexadecimal for EVM chains.
struct ForeignAccount {
    string clientId;
    string account;
}

using {key} for ForeignAccount global;

/// @notice An account on an EVM chain, written as messages from there write it.
function evmAccount(string memory clientId, address account) pure returns (ForeignAccount memory) {
    return ForeignAccount(clientId, HexAddress.write(account));
}

/// @notice One word for an account: the same for the same client id and the same text, different for all others.
function key(ForeignAccount memory self) pure returns (bytes32) {
    return keccak256(abi.encode(self.clientId, self.account));
}
