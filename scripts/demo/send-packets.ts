// Sends the demo's packets as an application would: with the SDK and a viem wallet, tokens and a message from one chain to the other.
import { readFile } from "node:fs/promises";
import { createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Deployment } from "#sdk/deployment.ts";
import type { SentPacket as Sent } from "#sdk/send-packet.ts";
import { send } from "#sdk/send.ts";
import { transfer } from "#sdk/transfer.ts";
import type { DemoChain } from "./demo-chain.ts";

export interface SentPacket extends Sent {
  readonly kind: "transfer" | "message";
  readonly from: DemoChain;
  readonly to: DemoChain;
  /** Unix milliseconds at which the sending transaction was included. */
  readonly sentAt: number;
  /** What was sent, for people. */
  readonly what: string;
}

export interface SendRequest {
  readonly sourceClient: string;
  readonly from: DemoChain;
  readonly to: DemoChain;
}

const AMOUNT = 5n * 10n ** 18n;

export async function sendPackets({ sourceClient, from, to }: SendRequest): Promise<SentPacket[]> {
  const deployment = JSON.parse(await readFile(from.record, "utf8")) as Deployment;
  const wallet = createWalletClient({
    account: privateKeyToAccount(from.user.privateKey),
    transport: http(from.rpcUrl),
  });
  const describe = (kind: SentPacket["kind"], sent: Sent, what: string): SentPacket => ({
    ...sent,
    kind,
    from,
    to,
    sentAt: Date.now(),
    what,
  });
  const greeting = `Hello from ${from.name}`;
  const message = describe(
    "message",
    await send(wallet, {
      deployment,
      sourceClient,
      receiver: to.examples.greeter,
      payload: new TextEncoder().encode(greeting),
    }),
    `"${greeting}"`,
  );
  const tokens = describe(
    "transfer",
    await transfer(wallet, {
      deployment,
      sourceClient,
      denom: from.examples.token,
      amount: AMOUNT,
      receiver: to.user.address,
    }),
    "5 DEMO",
  );
  return [tokens, message];
}
