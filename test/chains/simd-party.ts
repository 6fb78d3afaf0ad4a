// An ibc-go chain with what the tests ask of it.
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { QueryClient, SigningStargateClient, createProtobufRpcClient } from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { bech32 } from "@scure/base";
import { QueryClientImpl as BankQuery } from "cosmjs-types/cosmos/bank/v1beta1/query";
import { QueryClientImpl as TransferQuery } from "cosmjs-types/ibc/applications/transfer/v1/query";
import { ACCOUNT_PREFIX, STAKE_DENOM, TOKEN_DENOM, simdAccounts } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import { openParty } from "./party.ts";
import type { Bank, Party, Place } from "./party.ts";

export interface SimdParty extends Party {
  readonly simd: SimdChain;
  readonly comet: Comet38Client;
  readonly bank: Bank;
  /** Signs with another key than the user's, or behind the adapter's back. */
  signing(account: SimdAccount): Promise<SigningStargateClient>;
}

export const simdConfig = (simd: SimdChain) => ({
  family: "cosmos",
  chainId: `cosmos:${simd.chainId}`,
  endpoints: [{ name: "node", url: simd.rpcUrl }],
  accountPrefix: ACCOUNT_PREFIX,
  gasPrice: { denom: STAKE_DENOM, amount: "0.001", max: "0.01" },
  pollMilliseconds: 200,
});

export async function openSimdParty(place: Place, simd: SimdChain): Promise<SimdParty> {
  const comet = await Comet38Client.connect(simd.rpcUrl);
  return {
    ...(await openParty(place, simdConfig(simd))),
    simd,
    comet,
    bank: simdBank(comet),
    async signing({ privateKey }) {
      const wallet = await DirectSecp256k1Wallet.fromKey(hexToBytes(privateKey), ACCOUNT_PREFIX);
      return SigningStargateClient.createWithSigner(comet, wallet);
    },
  };
}

/** ADR-028 as ibc-go has it (transfer GetEscrowAddress): its own query knows nothing of light clients. */
function escrowAddress(clientId: string): string {
  const account = sha256(utf8ToBytes(`ics20-1\0transfer/${clientId}`)).subarray(0, 20);
  return bech32.encode(ACCOUNT_PREFIX, bech32.toWords(account));
}

function simdBank(comet: Comet38Client): Bank {
  const rpc = createProtobufRpcClient(new QueryClient(comet));
  const [bank, transfer] = [new BankQuery(rpc), new TransferQuery(rpc)];
  const amount = (coin: { readonly amount: string } | undefined): bigint => BigInt(coin?.amount ?? "0");
  return {
    native: TOKEN_DENOM,
    nativeOnWire: TOKEN_DENOM,
    owner: (simdAccounts[0] as SimdAccount).address,
    balanceOf: async (denom, address) => amount((await bank.Balance({ address, denom })).balance),
    voucherOf: async (clientId, denom) =>
      `ibc/${bytesToHex(sha256(utf8ToBytes(`transfer/${clientId}/${denom}`))).toUpperCase()}`,
    async traceOf(voucher) {
      const { denom } = await transfer.Denom({ hash: voucher });
      const hops = (denom?.trace ?? []).map(({ portId, channelId }) => `${portId}/${channelId}/`);
      return `${hops.join("")}${denom?.base}`;
    },
    async escrowed(clientId, denom) {
      return amount((await bank.Balance({ address: escrowAddress(clientId), denom })).balance);
    },
    now: async () => BigInt(Math.floor((await comet.status()).syncInfo.latestBlockTime.getTime() / 1000)),
  };
}
