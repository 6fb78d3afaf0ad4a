// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClientStatus} from "../interfaces/ILightClient.sol";

// Why the packet router refuses something, as sentences. What light clients refuse is in VerificationErrors.sol.

// Registering light clients, counterparties and ports.
error InvalidClientId(string clientId);
error InvalidLightClient(address lightClient);
error ClientNotFound(string clientId);
error CallerDidNotCreateClient(string clientId, address caller);
error CounterpartyAlreadyRegistered(string clientId);
error CounterpartyNotRegistered(string clientId);
error InvalidMerklePrefix();
error InvalidPayloadLimit();
error InvalidPort(string port);
error PortAlreadyBound(string port);
error PortNotBound(string port);
error InvalidApp(address app);

// Sending.
error CallerDoesNotOwnPort(string port, address caller);
error ClientNotActive(string clientId, ClientStatus status);
error TimeoutElapsed(uint64 timeoutTimestamp, uint256 blockTimestamp);
error TimeoutTooFar(uint64 timeoutTimestamp, uint256 latestAllowed);
error TooManyPayloads(uint256 count, uint256 allowed);
error InvalidPayload(uint256 index);
error PayloadsTooLarge(uint256 size, uint256 allowed);

// Delivering.
error PacketForAnotherClient(string clientId);
error PacketFromAnotherCounterparty(string clientId);
error PacketHasNoPayload();
error PacketDiffersFromReceipt(uint64 sequence);
error PacketDiffersFromCommitment(uint64 sequence);
error TimeoutNotReached(uint64 timeoutTimestamp, uint64 provenTimestamp);
error ZeroTimestamp();
error WrongNumberOfAcknowledgements(uint256 count, uint256 payloads);
error Sha256Failed();

// Acknowledging.
error PacketNotReceived(uint64 sequence);
error AcknowledgementAlreadyWritten(uint64 sequence);
error InvalidAcknowledgement(uint256 size);
error AsynchronousAcknowledgementOfSeveralPayloads();

// Calling applications.
error CallerIsNotRouter(address caller);
error CallbackRevertedWithoutReason();
error GasTooLow();
