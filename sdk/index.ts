// Everything an application developer uses: sending, following and proving packets, in Node and in browsers. README.md shows how.
import * as z from "zod";

// Compiling schemas at run time is what a strict content security policy forbids, and what it reports when it is only tried.
z.config({ jitless: true });

// Sending, by the sender's own wallet.
export { send } from "./send.ts";
export { transfer } from "./transfer.ts";
export type { SendParameters, TransferParameters } from "./plan.ts";
export { estimateFee } from "./estimate-fee.ts";
export type { FeeEstimate } from "./estimate-fee.ts";
export type { SentPacket } from "./send-packet.ts";
export type { Deployment, RecordedContract } from "./deployment.ts";
export type { AnyWallet } from "./wallet/open-wallet.ts";
export type { EthersSigner } from "./wallet/ethers-wallet.ts";

// Following, by a relayer's API.
export { createApi } from "./api/client.ts";
export type { Api, ApiOptions, RequestOptions } from "./api/client.ts";
export { track } from "./track.ts";
export type { TrackedPacket } from "./track.ts";
export { waitForResult } from "./wait-for-result.ts";
export type { WaitParameters } from "./wait-for-result.ts";
export type { PacketResult, Refund } from "./packet-result.ts";
export { estimateTime } from "./estimate-time.ts";
export type { Seconds, TimeEstimate, TimeParameters } from "./estimate-time.ts";
export { explainPacket, listChains, listLanes, listPackets, readPacket, search } from "./api/reads.ts";
export type { PacketParameters, PacketsParameters } from "./api/reads.ts";
export type { ChainView, DeliveryView, LaneView, PacketSummary, PacketView, SearchResult } from "./api/views.ts";
export type { Advice, Explanation, TimelineStep } from "./trace/explanation.ts";

// Proving, without trust in anybody.
export { getEvidence } from "./get-evidence.ts";
export { verifyEvidence } from "./verify-evidence.ts";
export type { VerifyParameters } from "./verify-evidence.ts";
export type { AuditCheck, AuditReport } from "./evidence/report.ts";

// Errors.
export { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
export type { Retry } from "#adapters/protocol/error.ts";
export { errorCodes } from "#adapters/protocol/error-codes.ts";
export type { ErrorCode } from "#adapters/protocol/error-codes.ts";

// Packets and what the standard applications put into them.
export { formatPacketId, parsePacketId } from "./evidence/packet-id.ts";
export type { PacketName } from "./evidence/log-entry.ts";
export { messageId } from "#adapters/protocol/message-id.ts";
export type { Packet, Payload } from "#adapters/protocol/packet.ts";
export { decodeMessageData } from "#adapters/protocol/message-data.ts";
export type { MessageData } from "#adapters/protocol/message-data.ts";
export { decodeTransferData } from "#adapters/protocol/transfer-data.ts";
export type { TransferData } from "#adapters/protocol/transfer-data.ts";

// Typed contracts, for viem and for ethers' Interface.
export { abi as packetRouterAbi } from "../contracts/evm/bindings/IPacketRouter.ts";
export { abi as messageAppAbi } from "../contracts/evm/bindings/IMessageApp.ts";
export { abi as messageReceiverAbi } from "../contracts/evm/bindings/IMessageReceiver.ts";
export { abi as messageSenderAbi } from "../contracts/evm/bindings/IMessageSender.ts";
export { abi as transferAppAbi } from "../contracts/evm/bindings/ITransferApp.ts";
export { abi as lightClientAbi } from "../contracts/evm/bindings/ILightClient.ts";
export { abi as voucherAbi } from "../contracts/evm/bindings/Voucher.ts";
