// A signer that holds its private key in memory.
import { DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";

/** What signs a chain's transactions in SIGN_MODE_DIRECT. */
export interface CosmosSigner {
  /** With the chain's prefix. */
  readonly address: string;
  /** Compressed secp256k1, 33 bytes. */
  readonly publicKey: Uint8Array;
  /** A SignDoc's bytes; returns r ‖ s, 64 bytes. */
  sign(document: SignDocument): Promise<Uint8Array>;
}

/** cosmos.tx.v1beta1.SignDoc */
export interface SignDocument {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly chainId: string;
  readonly accountNumber: bigint;
}

/** `secret`: 32 bytes in hexadecimal, with or without 0x. Throws MISSING_SECRET when it is no private key. */
export async function createLocalSigner(secret: string, accountPrefix: string): Promise<CosmosSigner> {
  const hex = secret.trim().replace(/^0x/i, "");
  const key = /^[0-9a-fA-F]{64}$/.test(hex) ? hexToBytes(hex) : undefined;
  if (key === undefined || !secp256k1.utils.isValidSecretKey(key))
    throw new CausewayError("MISSING_SECRET", "the signer's secret is no private key", {
      hint: "the secret must be 32 bytes in hexadecimal",
    });
  const wallet = await DirectSecp256k1Wallet.fromKey(key, accountPrefix);
  const [account] = await wallet.getAccounts();
  if (account === undefined) throw new RangeError("a wallet of one key has one account");
  const { address, pubkey: publicKey } = account;
  return {
    address,
    publicKey,
    async sign(document) {
      const { signature } = await wallet.signDirect(address, document);
      return new Uint8Array(Buffer.from(signature.signature, "base64"));
    },
  };
}
