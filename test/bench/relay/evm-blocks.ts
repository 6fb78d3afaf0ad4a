// What happened on an EVM chain, from its blocks: gas, and which packets each transaction was about.
import { decodeFunctionData } from "viem";
import type { Address, Hex, PublicClient } from "viem";
import { eventTopics } from "#adapters/evm/watch/packet-events.ts";
import { abi } from "../../../contracts/evm/bindings/PacketRouter.ts";
import type { SeenBlock, SeenMessage, SeenTransaction } from "./bench-chain.ts";

function relayed(input: Hex): SeenMessage[] {
  const { functionName, args } = decodeFunctionData({ abi, data: input });
  if (functionName !== "relay") return [];
  const [{ recvs, acks }] = args;
  return [
    ...recvs.map(({ sequence }) => ({ kind: "receive" as const, sequence })),
    ...acks.map(({ packet }) => ({ kind: "acknowledge" as const, sequence: packet.sequence })),
  ];
}

/** Blocks of pre-signed transfers are long: one is read after the other. */
export async function readEvmBlocks(
  reader: PublicClient,
  router: Address,
  first: number,
  last: number,
): Promise<SeenBlock[]> {
  const blocks: SeenBlock[] = [];
  for (let height = first; height <= last; height += 1) {
    const block = await reader.getBlock({ blockNumber: BigInt(height), includeTransactions: true });
    if (block.transactions.length === 0) continue;
    const receipts = await reader.request({ method: "eth_getBlockReceipts", params: [`0x${height.toString(16)}`] });
    const outcomes = new Map((receipts ?? []).map((receipt) => [receipt.transactionHash, receipt]));
    const transactions = block.transactions.flatMap(({ hash, to, input }): SeenTransaction[] => {
      const receipt = outcomes.get(hash);
      if (receipt === undefined) return [];
      const sent = receipt.logs
        .filter(({ topics }) => topics[0] === eventTopics.SendPacket)
        .map(({ topics }) => ({ kind: "send" as const, sequence: BigInt(topics[2] ?? 0) }));
      return [
        {
          gas: BigInt(receipt.gasUsed),
          failed: receipt.status !== "0x1",
          bytes: (input.length - 2) / 2,
          messages: [...sent, ...(to?.toLowerCase() === router.toLowerCase() ? relayed(input) : [])],
        },
      ];
    });
    blocks.push({ height, time: Number(block.timestamp) * 1000, transactions });
  }
  return blocks;
}
