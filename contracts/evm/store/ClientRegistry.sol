// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {
    CallerDidNotCreateClient,
    ClientNotFound,
    CounterpartyAlreadyRegistered,
    InvalidClientId,
    InvalidLightClient,
    InvalidMerklePrefix,
    InvalidPayloadLimit
} from "../errors/PacketRouterErrors.sol";
import {ILightClient} from "../interfaces/ILightClient.sol";
import {IPacketRouter} from "../interfaces/IPacketRouter.sol";
import {CounterpartyBytes} from "./CounterpartyBytes.sol";
import {Identifiers} from "./Identifiers.sol";

/// @title Which light client stands behind a client id, and which counterparty it follows
/// @notice Anyone may create light clients: a client id is no authority, and everything an application keeps is kept per
/// client id. Whoever trusts a lane has to look at what its light client was created from.
abstract contract ClientRegistry is IPacketRouter, AccessManaged {
    /// @param maxPayloads How many payloads the counterparty accepts in one packet; zero while none is registered.
    struct Client {
        ILightClient lightClient;
        uint64 nextSequenceSend;
        uint8 maxPayloads;
        address creator;
        string counterpartyClientId;
        bytes[] merklePrefix;
    }

    /// @dev A Client as it is stored.
    /// @param counterparty As CounterpartyBytes has it.
    struct Registered {
        ILightClient lightClient;
        uint64 nextSequenceSend;
        uint8 maxPayloads;
        address creator;
        bytes counterparty;
    }

    /// @dev ibc-go 04-channel/v2/types/merkle.go.
    uint256 private constant MAX_PREFIX_ELEMENTS = 32;
    uint256 private constant MAX_PREFIX_ELEMENT_SIZE = 256;

    mapping(bytes32 hashedClientId => Registered) private _clients;
    uint256 private _clientCount;

    /// @notice Registers a light client contract under the next free client id, `<clientType>-<N>`.
    function createClient(address lightClient) external returns (string memory clientId) {
        if (lightClient.code.length == 0) revert InvalidLightClient(lightClient);
        clientId = string.concat(ILightClient(lightClient).clientType(), "-", Strings.toString(_clientCount++));
        if (!Identifiers.isClientId(bytes(clientId))) revert InvalidClientId(clientId);
        Registered storage created = _clients[keccak256(bytes(clientId))];
        created.lightClient = ILightClient(lightClient);
        created.nextSequenceSend = 1;
        created.creator = msg.sender;
        emit ClientCreated(clientId, lightClient, msg.sender);
    }

    /// @notice Says which client on the counterparty follows this chain. Only the light client's creator may, once.
    /// @param merklePrefix Where the counterparty keeps its packets: `[""]` for an EVM chain, `["ibc", ""]` for a Cosmos chain.
    /// @param maxPayloads How many payloads the counterparty accepts in one packet: 1 unless it is known to take more.
    function registerCounterparty(
        string calldata clientId,
        string calldata counterpartyClientId,
        bytes[] calldata merklePrefix,
        uint8 maxPayloads
    ) external {
        Registered storage registered = _requireClient(clientId);
        if (registered.creator != msg.sender) revert CallerDidNotCreateClient(clientId, msg.sender);
        if (registered.maxPayloads != 0) revert CounterpartyAlreadyRegistered(clientId);
        if (!Identifiers.isClientId(bytes(counterpartyClientId))) revert InvalidClientId(counterpartyClientId);
        if (merklePrefix.length == 0 || merklePrefix.length > MAX_PREFIX_ELEMENTS) revert InvalidMerklePrefix();
        for (uint256 i = 0; i < merklePrefix.length; ++i)
            if (merklePrefix[i].length > MAX_PREFIX_ELEMENT_SIZE) revert InvalidMerklePrefix();
        if (maxPayloads == 0) revert InvalidPayloadLimit();
        registered.counterparty = CounterpartyBytes.encode(counterpartyClientId, merklePrefix);
        registered.maxPayloads = maxPayloads;
        emit CounterpartyRegistered(clientId, counterpartyClientId);
    }

    /// @notice Puts another light client behind a client id, to recover from a freeze, an expiry or a hard fork.
    /// @dev Whoever may do this can forge packets: the role has an execution delay, and the guardian can pause meanwhile.
    function migrateClient(string calldata clientId, address lightClient) external restricted {
        Registered storage migrated = _requireClient(clientId);
        if (lightClient.code.length == 0) revert InvalidLightClient(lightClient);
        migrated.lightClient = ILightClient(lightClient);
        emit ClientMigrated(clientId, lightClient);
    }

    /// @notice All that is registered under a client id. Reverts when nothing is.
    function getClient(string calldata clientId) external view returns (Client memory client) {
        Registered storage found = _requireClient(clientId);
        client.lightClient = found.lightClient;
        client.nextSequenceSend = found.nextSequenceSend;
        client.maxPayloads = found.maxPayloads;
        client.creator = found.creator;
        if (found.maxPayloads == 0) return client;
        (string memory id, bytes[] memory storePrefix, bytes memory pathPrefix) = CounterpartyBytes.decode(
            found.counterparty
        );
        client.counterpartyClientId = id;
        client.merklePrefix = new bytes[](storePrefix.length + 1);
        for (uint256 i = 0; i < storePrefix.length; ++i) client.merklePrefix[i] = storePrefix[i];
        client.merklePrefix[storePrefix.length] = pathPrefix;
    }

    /// @inheritdoc IPacketRouter
    function nextSequenceSend(string calldata clientId) external view returns (uint64) {
        return _requireClient(clientId).nextSequenceSend;
    }

    function _requireClient(string calldata clientId) internal view returns (Registered storage found) {
        found = _clients[keccak256(bytes(clientId))];
        if (address(found.lightClient) == address(0)) revert ClientNotFound(clientId);
    }
}
