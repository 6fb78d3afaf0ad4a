// What the leaves of Ethereum's tries hold: accounts, and storage words (Yellow Paper 4.1).
import { rlpItem, rlpList } from "./rlp.ts";

const STORAGE_ROOT = 2;

/** An account is [nonce, balance, storageRoot, codeHash]. */
export function accountStorageRoot(account: Uint8Array): Uint8Array | undefined {
  const items = rlpList(account);
  if (items?.length !== 4 || items.some((item) => item.list)) return undefined;
  const root = items[STORAGE_ROOT]?.payload;
  return root?.length === 32 ? root : undefined;
}

/** A storage value: one RLP string without leading zeros, as 32 bytes. */
export function storageValue(bytes: Uint8Array): Uint8Array | undefined {
  const item = rlpItem(bytes);
  if (item === undefined || item.list || item.payload.length > 32 || (item.payload[0] ?? 0) === 0) return undefined;
  const word = new Uint8Array(32);
  word.set(item.payload, 32 - item.payload.length);
  return word;
}
