// One transaction of the Cosmos SDK in SIGN_MODE_DIRECT: signed bytes, its id, and what is in it.
import { makeAuthInfoBytes } from "@cosmjs/proto-signing";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { PubKey } from "cosmjs-types/cosmos/crypto/secp256k1/keys";
import { AuthInfo, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { CosmosSigner } from "./local-signer.ts";

export interface TransactionContent {
  readonly messages: readonly Any[];
  readonly gas: bigint;
  readonly fee: { readonly denom: string; readonly amount: bigint };
  readonly sequence: bigint;
  /** The last block that may include it: afterwards it is void. */
  readonly timeoutHeight: bigint;
}

/** Where an account is signed for. */
export interface SigningPlace {
  /** The chain's own id. */
  readonly chainId: string;
  readonly accountNumber: bigint;
}

export interface Signed {
  readonly raw: Uint8Array;
  /** As explorers write it: SHA-256 in upper-case hexadecimal. */
  readonly id: string;
}

const documentOf = (signer: CosmosSigner, content: TransactionContent) => {
  const { messages, gas, fee, sequence, timeoutHeight } = content;
  const pubkey = { typeUrl: PubKey.typeUrl, value: PubKey.encode({ key: signer.publicKey }).finish() };
  const coins = fee.amount === 0n ? [] : [{ denom: fee.denom, amount: fee.amount.toString() }];
  return {
    bodyBytes: TxBody.encode(TxBody.fromPartial({ messages: [...messages], timeoutHeight })).finish(),
    authInfoBytes: makeAuthInfoBytes([{ pubkey, sequence }], coins, Number(gas), undefined, undefined),
  };
};

const idOf = (raw: Uint8Array): string => bytesToHex(sha256(raw)).toUpperCase();

export async function signTransaction(
  signer: CosmosSigner,
  place: SigningPlace,
  content: TransactionContent,
): Promise<Signed> {
  const document = documentOf(signer, content);
  const signature = await signer.sign({ ...document, ...place });
  const raw = TxRaw.encode({ ...document, signatures: [signature] }).finish();
  return { raw, id: idOf(raw) };
}

/** With an empty signature: a simulation looks at everything else. */
export const unsignedTransaction = (signer: CosmosSigner, content: TransactionContent): Uint8Array =>
  TxRaw.encode({ ...documentOf(signer, content), signatures: [new Uint8Array(64)] }).finish();

export interface DecodedTransaction {
  readonly messages: readonly Any[];
  readonly gas: bigint;
  readonly timeoutHeight: bigint;
  /** Of the coin that it was paid in; 0 when it was free. */
  readonly fee: bigint;
}

/** Throws RPC_BAD_ANSWER for bytes that are no transaction. */
export function decodeTransaction(raw: Uint8Array): DecodedTransaction {
  try {
    const { bodyBytes, authInfoBytes } = TxRaw.decode(raw);
    const { messages, timeoutHeight } = TxBody.decode(bodyBytes);
    const { fee } = AuthInfo.decode(authInfoBytes);
    return { messages, timeoutHeight, gas: fee?.gasLimit ?? 0n, fee: BigInt(fee?.amount[0]?.amount ?? 0) };
  } catch (cause) {
    throw new CausewayError("RPC_BAD_ANSWER", "the bytes are no transaction of the Cosmos SDK", { cause });
  }
}
