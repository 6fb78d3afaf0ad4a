// Sending through the standard applications with the chain's own signer.
import { hexToBytes } from "@noble/hashes/utils.js";
import { MsgTransfer } from "cosmjs-types/ibc/applications/transfer/v1/tx";
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import { ABI_ENCODING, TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import type { ChainApps, Sent, TransferRequest } from "../chain-apps.ts";
import type { ChainContext } from "./context.ts";
import { attributeOf } from "./submit/included.ts";
import type { Included } from "./submit/included.ts";
import { anyOf } from "./submit/messages.ts";
import { sendMessages } from "./submit/send-messages.ts";
import type { Sender } from "./submit/sender.ts";

const MAX_UINT64 = (1n << 64n) - 1n;
const MAX_UINT256 = (1n << 256n) - 1n;
/** Cosmos SDK types/coin.go. */
const DENOM = /^[a-zA-Z][a-zA-Z0-9/:._-]{2,127}$/;

const invalid = (message: string, hint: string): CausewayError =>
  new CausewayError("INVALID_ARGUMENT", message, { hint });

/** ibc-go finds a voucher's trace by its denom. Throws INVALID_ARGUMENT for what no packet can carry. */
export function transferMessage(request: TransferRequest, sender: string): MsgTransfer {
  const { sourceClient, denom, amount, receiver, memo, timeoutTimestamp } = request;
  if (!DENOM.test(denom))
    throw invalid(`${denom.slice(0, 140)} is no denomination`, "name a coin like uatom, or a voucher like ibc/27394F…");
  // The greatest amount means "all there is" to ibc-go.
  if (amount < 1n || amount >= MAX_UINT256)
    throw invalid(
      `${amount} is no amount of a token`,
      "amounts are whole numbers of the token's smallest unit, at least 1",
    );
  if (timeoutTimestamp < 1n || timeoutTimestamp > MAX_UINT64)
    throw invalid(`a timeout of ${timeoutTimestamp} is no time`, "timeouts are Unix seconds");
  return MsgTransfer.fromPartial({
    sourcePort: TRANSFER_PORT,
    // Over IBC v2 the light client's id, and seconds.
    sourceChannel: sourceClient,
    token: { denom, amount: amount.toString() },
    sender,
    receiver,
    timeoutHeight: {},
    timeoutTimestamp,
    memo,
    encoding: ABI_ENCODING,
  });
}

/** Throws RPC_BAD_ANSWER when its events show no packet. */
export function sentPacket(included: Included): Sent {
  const hex = attributeOf(included, "send_packet", "encoded_packet_hex") ?? "";
  const packet = /^(?:[0-9a-f]{2})+$/.test(hex) ? decodePacket(hexToBytes(hex)) : undefined;
  if (packet !== undefined) return { packet, transaction: included.id, height: included.height };
  throw new CausewayError("RPC_BAD_ANSWER", `transaction ${included.id} shows no packet that it sent`, {
    context: { transaction: included.id },
  });
}

export function createApps(context: ChainContext, sender: () => Promise<Sender>): ChainApps {
  const { config } = context;
  return {
    async transfer(request) {
      const from = await sender();
      const message = anyOf(MsgTransfer, transferMessage(request, from.signer.address));
      return sentPacket(await sendMessages(context, from, { what: "transfer", messages: [message] }));
    },
    async send() {
      throw new CausewayError("UNSUPPORTED", `${config.chainId} has no application for general messages`, {
        hint: "ibc-go has one from version 11 on, which is not spoken yet; a transfer's memo may carry instructions",
        context: { chainId: config.chainId },
      });
    },
  };
}
