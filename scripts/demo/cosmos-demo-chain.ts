// An ibc-go chain of the demo.
import { join } from "node:path";
import { chainConfig } from "#adapters/families.ts";
import type { ChainConfig } from "#adapters/families.ts";
import { ACCOUNT_PREFIX, STAKE_DENOM, TOKEN_DENOM, simdAccounts } from "#scripts/devnet/simd/accounts.ts";
import type { SimdAccount } from "#scripts/devnet/simd/accounts.ts";
import { startSimd } from "#scripts/devnet/simd/start.ts";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import type { DemoChain, SendRequest } from "./demo-chain.ts";
import type { SentPacket } from "./sent-packet.ts";
import { writeKey } from "./write-key.ts";

export interface CosmosDemoChainOptions {
  readonly name: string;
  /** As the chain calls itself. */
  readonly chainId: string;
  /** Where its data and the keys' files are put. */
  readonly directory: string;
}

const AMOUNT = 5_000_000n;
const HOUR = 3_600n;
const [user, relayer] = simdAccounts as readonly [SimdAccount, SimdAccount];

/** Throws TOOL_MISSING or NODE_FAILED. */
export async function startCosmosDemoChain(options: CosmosDemoChainOptions): Promise<DemoChain> {
  const { name, directory } = options;
  const chain = await startSimd({ chainId: options.chainId, dir: join(directory, options.chainId) });
  const chainId = `cosmos:${options.chainId}`;
  const config = (signer: { file: string }): ChainConfig =>
    chainConfig.parse({
      family: "cosmos",
      chainId,
      endpoints: [{ name: `${name}-simd`, url: chain.rpcUrl }],
      accountPrefix: ACCOUNT_PREFIX,
      gasPrice: { denom: STAKE_DENOM, amount: "0.001", max: "0.01" },
      signer,
      pollMilliseconds: 200,
    });
  const demo: DemoChain = {
    name,
    chainId,
    answersAt: `RPC ${chain.rpcUrl}`,
    receivers: { tokens: user.address },
    relayerConfig: config(await writeKey(directory, `${name}-relayer`, relayer.privateKey)),
    userConfig: config(await writeKey(directory, `${name}-user`, user.privateKey)),
    sendPackets: (request) => sendFromCosmos(demo, request),
    stop: () => chain.stop(),
  };
  return demo;
}

/** Tokens; ibc-go has no general messages in this version. */
async function sendFromCosmos(from: DemoChain, { sourceClient, to, apps }: SendRequest): Promise<SentPacket[]> {
  const sent = await apps.transfer({
    sourceClient,
    denom: TOKEN_DENOM,
    amount: AMOUNT,
    receiver: to.receivers.tokens,
    memo: "",
    timeoutTimestamp: BigInt(Math.floor(Date.now() / 1000)) + HOUR,
  });
  const sourceChain = from.chainId;
  const id = formatPacketId({ sourceChain, sourceClient, sequence: sent.packet.sequence.toString() });
  const what = `${AMOUNT} ${TOKEN_DENOM}`;
  return [{ ...sent, id, sourceChain, kind: "transfer", from, to, sentAt: Date.now(), what }];
}
