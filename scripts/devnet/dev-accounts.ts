// The pre-funded accounts of every development chain: anvil's public test mnemonic. Throw-away keys, known to everybody.
import { bytesToHex } from "@noble/hashes/utils.js";
import { mnemonicToAccount, privateKeyToAddress } from "viem/accounts";
import { CausewayError } from "#adapters/protocol/error.ts";

/** "test … junk": never send anything of value to its addresses. */
export const DEV_MNEMONIC = "test test test test test test test test test test test junk";

export interface DevAccount {
  readonly address: `0x${string}`;
  readonly privateKey: `0x${string}`;
}

/** Derived once: the way from words to a seed is made to be slow. */
const parent = mnemonicToAccount(DEV_MNEMONIC, { path: "m/44'/60'/0'/0" }).getHdKey();

function devAccount(addressIndex: number): DevAccount {
  const { privateKey } = parent.deriveChild(addressIndex);
  if (privateKey === null) throw new CausewayError("MISSING_SECRET", `development account ${addressIndex} has no key`);
  const key = `0x${bytesToHex(privateKey)}` as const;
  return { address: privateKeyToAddress(key), privateKey: key };
}

/** Ten accounts with 10,000 ether each. */
export const devAccounts: readonly DevAccount[] = Array.from({ length: 10 }, (_, index) => devAccount(index));
