// Sends the demo's packets as an application would: with the SDK and a viem wallet, tokens from an EVM chain and, to one that takes it, a message.
import { readFile } from "node:fs/promises";
import { createWalletClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Deployment } from "#sdk/deployment.ts";
import { send } from "#sdk/send.ts";
import { transfer } from "#sdk/transfer.ts";
import type { SendRequest } from "./demo-chain.ts";
import type { EvmDemoChain } from "./evm-demo-chain.ts";
import type { SentPacket } from "./sent-packet.ts";

const AMOUNT = 5n * 10n ** 18n;

export async function sendFromEvm(from: EvmDemoChain, { sourceClient, to }: SendRequest): Promise<SentPacket[]> {
  const deployment = JSON.parse(await readFile(from.record, "utf8")) as Deployment;
  const wallet = createWalletClient({
    account: privateKeyToAccount(from.user.privateKey),
    transport: http(from.rpcUrl),
  });
  const tokens = await transfer(wallet, {
    deployment,
    sourceClient,
    denom: from.examples.token,
    amount: AMOUNT,
    receiver: to.receivers.tokens,
  });
  const packets: SentPacket[] = [{ ...tokens, kind: "transfer", from, to, sentAt: Date.now(), what: "5 DEMO" }];
  const receiver = to.receivers.messages;
  if (receiver === undefined) return packets;
  const greeting = `Hello from ${from.name}`;
  const payload = new TextEncoder().encode(greeting);
  const message = await send(wallet, { deployment, sourceClient, receiver, payload });
  return [...packets, { ...message, kind: "message", from, to, sentAt: Date.now(), what: `"${greeting}"` }];
}
