// An unmodified ibc-go chain with one validator and blocks of some 300 ms, as peers are measured on it.
import {
  QueryPacketCommitmentsRequest as RequestV1,
  QueryPacketCommitmentsResponse as ResponseV1,
} from "cosmjs-types/ibc/core/channel/v1/query";
import { QueryPacketCommitmentsRequest, QueryPacketCommitmentsResponse } from "cosmjs-types/ibc/core/channel/v2/query";
import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { QueryAccountRequest, QueryAccountResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { PageRequest } from "cosmjs-types/cosmos/base/query/v1beta1/pagination";
import { z } from "zod";
import type { ChainConfig } from "#adapters/families.ts";
import { TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import { simdAccounts } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import type { BenchChain, Way } from "./bench-chain.ts";
import { openCometRpc } from "./comet-rpc.ts";
import type { CometRpc } from "./comet-rpc.ts";
import { readSimdBlocks } from "./simd-blocks.ts";
import { burstOf, signTransfers } from "./simd-transfers.ts";

const sender = simdAccounts[2] as SimdAccount;
const receiver = simdAccounts[3] as SimdAccount;

const status = z.object({ sync_info: z.object({ latest_block_height: z.string() }) });

async function accountOf(rpc: CometRpc): Promise<BaseAccount> {
  const path = "/cosmos.auth.v1beta1.Query/Account";
  const bytes = await rpc.query(path, QueryAccountRequest.encode({ address: sender.address }).finish());
  return BaseAccount.decode(QueryAccountResponse.decode(bytes).account?.value ?? new Uint8Array());
}

async function pending(rpc: CometRpc, { protocol, source }: Way, most: number): Promise<number> {
  const pagination = PageRequest.fromPartial({ limit: BigInt(most) });
  if (protocol === "v2") {
    const data = QueryPacketCommitmentsRequest.encode({ clientId: source, pagination }).finish();
    const bytes = await rpc.query("/ibc.core.channel.v2.Query/PacketCommitments", data);
    return QueryPacketCommitmentsResponse.decode(bytes).commitments.length;
  }
  const data = RequestV1.encode({ portId: TRANSFER_PORT, channelId: source, pagination }).finish();
  return ResponseV1.decode(await rpc.query("/ibc.core.channel.v1.Query/PacketCommitments", data)).commitments.length;
}

/** As many as there are in full bursts, and one with the rest. */
const countsOf = (count: number, perTransaction: number): number[] =>
  Array.from({ length: Math.ceil(count / perTransaction) }, (_, index) =>
    Math.min(perTransaction, count - index * perTransaction),
  );

/** `relayerConfig`: the chain as a relayer has it that pays with an account of its own. */
export function openSimdBenchChain(simd: SimdChain, relayerConfig: ChainConfig): BenchChain {
  const rpc = openCometRpc(simd.rpcUrl);
  return {
    chainId: `cosmos:${simd.chainId}`,
    what: "simd, one validator, timeout_commit 300 ms",
    receiver: receiver.address,
    relayerConfig,
    async prepare(way, to, count, perTransaction) {
      const { accountNumber, sequence } = await accountOf(rpc);
      const from = { chainId: simd.chainId, account: sender, accountNumber, sequence };
      return burstOf(rpc, await signTransfers(from, way, to, countsOf(count, perTransaction)));
    },
    pending: (way, most) => pending(rpc, way, most),
    head: async () => Number((await rpc.call("status", {}, status)).sync_info.latest_block_height),
    read: (_, first, last) => readSimdBlocks(rpc, first, last),
  };
}
