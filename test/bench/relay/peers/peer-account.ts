// An account for relayers of others, which take their keys as words.
import { DirectSecp256k1HdWallet, DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { ACCOUNT_PREFIX, STAKE_DENOM, simdAccounts } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import type { SimdChain } from "#scripts/devnet/simd/start.ts";
import { SigningStargateClient } from "@cosmjs/stargate";
import { hexToBytes } from "@noble/hashes/utils.js";

const donor = simdAccounts[4] as SimdAccount;
const AMOUNT = "100000000000";

/** Its mnemonic; it has plenty on each of the chains. */
export async function makePeerAccount(chains: readonly SimdChain[]): Promise<string> {
  const wallet = await DirectSecp256k1HdWallet.generate(24, { prefix: ACCOUNT_PREFIX });
  const [account] = await wallet.getAccounts();
  const donating = await DirectSecp256k1Wallet.fromKey(hexToBytes(donor.privateKey), ACCOUNT_PREFIX);
  for (const { rpcUrl } of chains) {
    const client = await SigningStargateClient.connectWithSigner(rpcUrl, donating);
    const coins = [{ denom: STAKE_DENOM, amount: AMOUNT }];
    const { code, rawLog } = await client.sendTokens(donor.address, account?.address ?? "", coins, {
      amount: [],
      gas: "200000",
    });
    client.disconnect();
    if (code !== 0) throw new Error(`the relayer's account was not funded: ${rawLog}`);
  }
  return wallet.mnemonic;
}
