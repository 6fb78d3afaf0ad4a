import { DirectSecp256k1Wallet, makeSignDoc } from "@cosmjs/proto-signing";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { SignDoc, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { describe, expect, test } from "vitest";
import { createLocalSigner } from "#adapters/cosmos/submit/local-signer.ts";
import { anyOf } from "#adapters/cosmos/submit/messages.ts";
import { decodeTransaction, signTransaction, unsignedTransaction } from "#adapters/cosmos/submit/transaction.ts";

/** A throw-away key. */
const SECRET = "11".repeat(32);
const signer = await createLocalSigner(`0x${SECRET}`, "cosmos");

const content = {
  messages: [
    anyOf(MsgSend, MsgSend.fromPartial({ fromAddress: signer.address, toAddress: signer.address, amount: [] })),
  ],
  gas: 123_456n,
  fee: { denom: "stake", amount: 77n },
  sequence: 9n,
  timeoutHeight: 4_321n,
};
const place = { chainId: "simd-1", accountNumber: 5n };

describe("transactions", () => {
  test("carry a signature that the chain verifies over the whole of them", async () => {
    const { raw, id } = await signTransaction(signer, place, content);
    const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(raw);
    const document = SignDoc.encode(makeSignDoc(bodyBytes, authInfoBytes, "simd-1", 5)).finish();
    expect(secp256k1.verify(signatures[0] ?? new Uint8Array(), document, signer.publicKey)).toBe(true);
    expect(id).toMatch(/^[0-9A-F]{64}$/);
    expect(decodeTransaction(raw)).toEqual({
      messages: content.messages,
      gas: 123_456n,
      timeoutHeight: 4_321n,
      fee: 77n,
    });
  });

  test("differ by everything that is signed", async () => {
    const { id } = await signTransaction(signer, place, content);
    const others = await Promise.all([
      signTransaction(signer, { ...place, chainId: "simd-2" }, content),
      signTransaction(signer, { ...place, accountNumber: 6n }, content),
      signTransaction(signer, place, { ...content, sequence: 10n }),
      signTransaction(signer, place, { ...content, timeoutHeight: 4_322n }),
      signTransaction(signer, place, { ...content, fee: { denom: "stake", amount: 78n } }),
    ]);
    expect(new Set([id, ...others.map((other) => other.id)]).size).toBe(6);
  });

  test("may be free, and are simulated without a signature", () => {
    const raw = unsignedTransaction(signer, { ...content, fee: { denom: "stake", amount: 0n } });
    expect(decodeTransaction(raw).fee).toBe(0n);
    expect(TxRaw.decode(raw).signatures).toEqual([new Uint8Array(64)]);
  });

  test("are nothing but transactions", () => {
    for (const bytes of [Uint8Array.of(0xff), Uint8Array.of(10, 200), new TextEncoder().encode("no transaction")])
      expect(() => decodeTransaction(bytes)).toThrow(expect.objectContaining({ code: "RPC_BAD_ANSWER" }));
  });
});

describe("a local signer", () => {
  test("has the address that others derive of its key", async () => {
    const wallet = await DirectSecp256k1Wallet.fromKey(hexToBytes(SECRET), "osmo");
    expect((await createLocalSigner(SECRET, "osmo")).address).toBe((await wallet.getAccounts())[0]?.address);
  });

  test.each(["", "11", "00".repeat(32), "ff".repeat(32), `${"11".repeat(32)}00`, "zz".repeat(32)])(
    "refuses %s",
    async (secret) => {
      await expect(createLocalSigner(secret, "cosmos")).rejects.toMatchObject({ code: "MISSING_SECRET" });
    },
  );
});
