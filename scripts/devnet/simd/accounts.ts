// The pre-funded accounts of every simd chain: the keys of the other development chains, with addresses in Cosmos notation.
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { bech32 } from "@scure/base";
import { hexToBytes } from "viem";
import { devAccounts } from "../dev-accounts.ts";

export interface SimdAccount {
  /** Bech32, e.g. cosmos1… */
  readonly address: string;
  /** secp256k1, 32 bytes hexadecimal. Throw-away, known to everybody. */
  readonly privateKey: string;
}

export const ACCOUNT_PREFIX = "cosmos";

/** How the staking module names the validator that an account operates. */
export const validatorAddress = ({ address }: SimdAccount): string =>
  bech32.encode(`${ACCOUNT_PREFIX}valoper`, bech32.decode(address as `${string}1${string}`).words);

/** What each account has of each denom at genesis; stakes of validators come out of it. */
export const GENESIS_BALANCE = 1_000_000_000_000n;

/** Pays for transactions and is staked. */
export const STAKE_DENOM = "stake";
/** For transfers: no fee disturbs its balances. */
export const TOKEN_DENOM = "demo";

/** The first operates the first validator, so its vote decides on governance; the second validator's operator is the last, and so on. */
export const simdAccounts: readonly SimdAccount[] = await Promise.all(
  devAccounts.map(async ({ privateKey }) => {
    const wallet = await DirectSecp256k1Wallet.fromKey(hexToBytes(privateKey), ACCOUNT_PREFIX);
    const [account] = await wallet.getAccounts();
    return { address: account?.address ?? "", privateKey: privateKey.slice(2) };
  }),
);

/** Who owns the stake of the validator with this index. */
export function operatorOf(validator: number): SimdAccount {
  const account = simdAccounts.at(-validator);
  if (account === undefined) throw new RangeError(`there is no account for validator ${validator}`);
  return account;
}
