import { parseTransaction, recoverTransactionAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { describe, expect, test } from "vitest";
import { createLocalSigner } from "#adapters/evm/submit/local-signer.ts";
import { feeRecord, reprice, signTransaction, storedFees } from "#adapters/evm/submit/transaction.ts";
import { toHex } from "#adapters/evm/rpc/hex.ts";

// A throw-away key.
const KEY = `0x${"11".repeat(32)}` as const;
const account = privateKeyToAccount(KEY);
const signer = createLocalSigner(KEY);

const transaction = {
  type: "eip1559",
  chainId: 5,
  nonce: 7,
  to: "0x00000000000000000000000000000000000000aa",
  data: "0x1234",
  gas: 90_000n,
  maxFeePerGas: 20n,
  maxPriorityFeePerGas: 2n,
} as const;

describe("transactions", () => {
  test("are signed as viem signs them", async () => {
    expect(signer.address).toBe(account.address.toLowerCase());
    const { raw } = await signTransaction(signer, transaction);
    expect(toHex(raw)).toBe(await account.signTransaction(transaction));
  });

  test("are repriced without changing anything else", async () => {
    const { raw, hash } = await signTransaction(signer, transaction);
    const fees = { maxFeePerGas: 40n, maxPriorityFeePerGas: 4n };
    const stored = { batchId: "b", nonce: 7n, raw, id: hash, fee: feeRecord(transaction), createdAt: 0 };
    expect(storedFees(stored)).toEqual({ maxFeePerGas: 20n, maxPriorityFeePerGas: 2n });
    const replaced = await reprice(signer, stored, fees);
    const { r: _r, s: _s, v: _v, yParity: _y, ...fields } = parseTransaction(toHex(replaced.raw));
    expect(fields).toEqual({ ...transaction, ...fees });
    const serializedTransaction = toHex(replaced.raw) as `0x02${string}`;
    expect((await recoverTransactionAddress({ serializedTransaction })).toLowerCase()).toBe(signer.address);
    expect(replaced.hash).not.toBe(hash);
  });

  test.each(["", "0x", "zz".repeat(32), "00".repeat(32), "ff".repeat(32), "11".repeat(31)])(
    "a secret that is no key is refused: %j",
    (secret) => {
      expect(() => createLocalSigner(secret)).toThrow(expect.objectContaining({ code: "MISSING_SECRET" }) as Error);
    },
  );
});
