// What happened on an ibc-go chain, from its blocks: gas, and which packets each transaction was about.
import { z } from "zod";
import {
  MsgAcknowledgement as AcknowledgementV1,
  MsgRecvPacket as RecvPacketV1,
} from "cosmjs-types/ibc/core/channel/v1/tx";
import { MsgAcknowledgement, MsgRecvPacket } from "cosmjs-types/ibc/core/channel/v2/tx";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { decodeTransaction } from "#adapters/cosmos/submit/transaction.ts";
import type { SeenBlock, SeenMessage, SeenTransaction } from "./bench-chain.ts";
import type { CometRpc } from "./comet-rpc.ts";

/** Most that a node lists in one answer. */
const HEADERS = 20;

const listed = z.object({
  block_metas: z.array(
    z.object({ num_txs: z.string(), header: z.object({ height: z.string(), time: z.iso.datetime() }) }),
  ),
});
const block = z.object({ block: z.object({ data: z.object({ txs: z.array(z.base64()).nullish() }) }) });
const event = z.object({
  type: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: z.string().nullish() })).nullish(),
});
const results = z.object({
  txs_results: z
    .array(z.object({ code: z.int().default(0), gas_used: z.string(), events: z.array(event).nullish() }))
    .nullish(),
});
type TransactionResult = NonNullable<z.infer<typeof results>["txs_results"]>[number];

/** Only what came over the way; the same names stand for it at both of its ends, or others do: each chain calls its own end. */
function relayed({ typeUrl, value }: Any): SeenMessage | undefined {
  if (typeUrl === MsgRecvPacket.typeUrl)
    return { kind: "receive", sequence: MsgRecvPacket.decode(value).packet.sequence };
  if (typeUrl === RecvPacketV1.typeUrl)
    return { kind: "receive", sequence: RecvPacketV1.decode(value).packet.sequence };
  if (typeUrl === MsgAcknowledgement.typeUrl)
    return { kind: "acknowledge", sequence: MsgAcknowledgement.decode(value).packet.sequence };
  if (typeUrl === AcknowledgementV1.typeUrl)
    return { kind: "acknowledge", sequence: AcknowledgementV1.decode(value).packet.sequence };
  return undefined;
}

function sent({ events }: TransactionResult): SeenMessage[] {
  return (events ?? [])
    .filter(({ type }) => type === "send_packet")
    .flatMap(({ attributes }) => attributes?.find(({ key }) => key === "packet_sequence")?.value ?? [])
    .map((sequence) => ({ kind: "send", sequence: BigInt(sequence) }));
}

function seen(base64: string, result: TransactionResult): SeenTransaction {
  const raw = Buffer.from(base64, "base64");
  const messages = decodeTransaction(raw).messages.flatMap((message) => relayed(message) ?? []);
  return {
    gas: BigInt(result.gas_used),
    failed: result.code !== 0,
    bytes: raw.length,
    messages: [...sent(result), ...messages],
  };
}

export async function readSimdBlocks(rpc: CometRpc, first: number, last: number): Promise<SeenBlock[]> {
  const blocks: SeenBlock[] = [];
  for (let from = first; from <= last; from += HEADERS) {
    const range = { minHeight: String(from), maxHeight: String(Math.min(last, from + HEADERS - 1)) };
    const { block_metas: metas } = await rpc.call("blockchain", range, listed);
    for (const { num_txs, header } of metas.toReversed()) {
      if (num_txs === "0") continue;
      const at = { height: header.height };
      const { txs } = (await rpc.call("block", at, block)).block.data;
      const { txs_results: outcomes } = await rpc.call("block_results", at, results);
      const transactions = (txs ?? []).map((raw, index) => seen(raw, outcomes?.[index] as TransactionResult));
      blocks.push({ height: Number(header.height), time: Date.parse(header.time), transactions });
    }
  }
  return blocks;
}
