// Sending through the standard applications with the chain's own signer.
import { encodeFunctionData } from "viem/utils";
import { parseAbi } from "viem";
import { CausewayError } from "#adapters/protocol/error.ts";
import { abi as messagesAbi } from "../../contracts/evm/bindings/MessageApp.ts";
import { abi as transferAbi } from "../../contracts/evm/bindings/TransferApp.ts";
import type { ChainApps, Sent } from "../adapter.ts";
import type { ChainContext } from "./context.ts";
import { toHex } from "./rpc/hex.ts";
import type { Hex } from "./rpc/hex.ts";
import { readContract } from "./rpc/read-contract.ts";
import { sendCall } from "./submit/send-call.ts";
import type { Receipt } from "./submit/receipt.ts";
import type { Sender } from "./submit/sender.ts";
import { eventTopics, packetEvent } from "./watch/packet-events.ts";

const erc20 = parseAbi([
  "function allowance(address owner, address spender) view returns (uint256)",
  "function balanceOf(address owner) view returns (uint256)",
  "function approve(address spender, uint256 amount) returns (bool)",
]);

export function createApps(context: ChainContext, sender: () => Promise<Sender>): ChainApps {
  const { config, execution } = context;

  const appAddresses = () => {
    if (config.apps !== undefined) return config.apps;
    throw new CausewayError("INVALID_CONFIG", `${config.chainId} names no applications`, {
      hint: `set \`apps\` of ${config.chainId} to the addresses of the transfer and message applications`,
    });
  };

  const tokenAddress = (denom: string): Hex => {
    if (/^0x[0-9a-fA-F]{40}$/.test(denom)) return denom.toLowerCase() as Hex;
    throw new CausewayError("INVALID_ARGUMENT", `denom ${denom} is no token address of ${config.chainId}`, {
      hint: "name the token by its contract address: 0x and 40 hexadecimal digits",
    });
  };

  /** Exactly the amount is approved: the application never holds a standing allowance. */
  const approve = async (from: Sender, token: Hex, spender: Hex, amount: bigint): Promise<void> => {
    const read = { abi: erc20, address: token } as const;
    const [balance, allowance] = await execution.use((endpoint) =>
      Promise.all([
        readContract(endpoint, { ...read, functionName: "balanceOf", args: [from.address] }),
        readContract(endpoint, { ...read, functionName: "allowance", args: [from.address, spender] }),
      ]),
    );
    if (balance < amount)
      throw new CausewayError(
        "INSUFFICIENT_FUNDS",
        `${from.address} holds ${balance} of ${token}, ${amount} are to be sent`,
        {
          hint: `get ${token} for ${from.address} first`,
          context: { token, balance, amount },
        },
      );
    if (allowance >= amount) return;
    await sendCall(context, from, {
      what: "approve",
      to: token,
      data: encodeFunctionData({ abi: erc20, functionName: "approve", args: [spender, amount] }),
    });
  };

  return {
    async transfer({ sourceClient, denom, amount, receiver, memo, timeoutTimestamp }) {
      const { transfer: app } = appAddresses();
      const token = tokenAddress(denom);
      const from = await sender();
      await approve(from, token, app, amount);
      const args = [sourceClient, token, amount, receiver, timeoutTimestamp, memo] as const;
      const data = encodeFunctionData({ abi: transferAbi, functionName: "sendTransfer", args });
      return sentPacket(context, await sendCall(context, from, { what: "transfer", to: app, data }));
    },
    async send({ sourceClient, receiver, payload, timeoutTimestamp }) {
      const { messages: app } = appAddresses();
      const args = [sourceClient, receiver, toHex(payload), timeoutTimestamp] as const;
      const data = encodeFunctionData({ abi: messagesAbi, functionName: "sendMessage", args });
      return sentPacket(context, await sendCall(context, await sender(), { what: "message", to: app, data }));
    },
  };
}

function sentPacket({ config }: ChainContext, { logs, blockNumber, transactionHash }: Receipt): Sent {
  const log = logs.find(({ address, topics }) => address === config.router && topics[0] === eventTopics.SendPacket);
  if (log === undefined)
    throw new CausewayError("RPC_BAD_ANSWER", `the receipt of ${transactionHash} shows no packet`, {
      context: { transaction: transactionHash },
    });
  const event = packetEvent(log, 0n);
  if (event.kind !== "sent") throw new CausewayError("RPC_BAD_ANSWER", `${transactionHash} shows another event`);
  return { packet: event.packet, transaction: transactionHash, height: blockNumber };
}
