// ICS-20 transfers of an ibc-go chain, signed before the clock runs.
import { Buffer } from "node:buffer";
import { MsgTransfer } from "cosmjs-types/ibc/applications/transfer/v1/tx";
import { z } from "zod";
import { anyOf } from "#adapters/cosmos/submit/messages.ts";
import { createLocalSigner } from "#adapters/cosmos/submit/local-signer.ts";
import { signTransaction } from "#adapters/cosmos/submit/transaction.ts";
import { ABI_ENCODING, TRANSFER_PORT } from "#adapters/protocol/transfer-data.ts";
import { ACCOUNT_PREFIX, STAKE_DENOM, TOKEN_DENOM } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import type { Burst, Way } from "./bench-chain.ts";
import type { CometRpc } from "./comet-rpc.ts";

const GAS_PER_TRANSFER = 200_000n;
const LIFETIME_SECONDS = 6n * 3_600n;

export interface TransferSender {
  readonly chainId: string;
  readonly account: SimdAccount;
  readonly accountNumber: bigint;
  /** Of the account's next transaction. */
  readonly sequence: bigint;
}

const transferOf = ({ protocol, source }: Way, sender: string, receiver: string) => {
  const deadline = BigInt(Math.floor(Date.now() / 1000)) + LIFETIME_SECONDS;
  return MsgTransfer.fromPartial({
    sourcePort: TRANSFER_PORT,
    sourceChannel: source,
    token: { denom: TOKEN_DENOM, amount: "1" },
    sender,
    receiver,
    // IBC v1 counts nanoseconds.
    timeoutTimestamp: protocol === "v2" ? deadline : deadline * 1_000_000_000n,
    ...(protocol === "v2" ? { encoding: ABI_ENCODING } : {}),
  });
};

export async function signTransfers(
  { chainId, account, accountNumber, sequence }: TransferSender,
  way: Way,
  receiver: string,
  counts: readonly number[],
): Promise<Uint8Array[]> {
  const signer = await createLocalSigner(account.privateKey, ACCOUNT_PREFIX);
  const message = anyOf(MsgTransfer, transferOf(way, account.address, receiver));
  const signed = counts.map((count, index) =>
    signTransaction(
      signer,
      { chainId, accountNumber },
      {
        messages: Array.from({ length: count }, () => message),
        gas: BigInt(count) * GAS_PER_TRANSFER,
        fee: { denom: STAKE_DENOM, amount: 0n },
        sequence: sequence + BigInt(index),
        timeoutHeight: 0n,
      },
    ),
  );
  return (await Promise.all(signed)).map(({ raw }) => raw);
}

const taken = z.object({ code: z.int().default(0), log: z.string().default("") });

export const burstOf = (rpc: CometRpc, transactions: readonly Uint8Array[]): Burst => ({
  async send() {
    for (const raw of transactions) {
      const tx = Buffer.from(raw).toString("base64");
      const { code, log } = await rpc.call("broadcast_tx_sync", { tx }, taken);
      if (code !== 0) throw new Error(`transfers were refused: ${log}`);
    }
  },
});
