// The pre-funded accounts of every development chain: anvil's public test mnemonic. Throw-away keys, known to everybody.
import { bytesToHex } from "@noble/hashes/utils.js";
import { mnemonicToAccount } from "viem/accounts";
import { CausewayError } from "#adapters/protocol/error.ts";

/** "test … junk": never send anything of value to its addresses. */
export const DEV_MNEMONIC = "test test test test test test test test test test test junk";

export interface DevAccount {
  readonly address: `0x${string}`;
  readonly privateKey: `0x${string}`;
}

function devAccount(addressIndex: number): DevAccount {
  const account = mnemonicToAccount(DEV_MNEMONIC, { addressIndex });
  const { privateKey } = account.getHdKey();
  if (privateKey === null) throw new CausewayError("MISSING_SECRET", `development account ${addressIndex} has no key`);
  return { address: account.address, privateKey: `0x${bytesToHex(privateKey)}` };
}

/** Ten accounts with 10,000 ether each. */
export const devAccounts: readonly DevAccount[] = Array.from({ length: 10 }, (_, index) => devAccount(index));
