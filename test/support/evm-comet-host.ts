// A development chain that hosts light clients of small ibc-go chains, and lanes from those chains to it.
import { createPublicClient, http, keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { Chain } from "#adapters/adapter.ts";
import type { Message } from "#adapters/message.ts";
import type { SubmitResult } from "#adapters/target-chain.ts";
import { verifyComet } from "#adapters/cosmos/verify/verify.ts";
import { evmConfig } from "#adapters/evm/config.ts";
import type { EvmConfig } from "#adapters/evm/config.ts";
import { toHex } from "#adapters/evm/rpc/hex.ts";
import { commitmentPath } from "#adapters/protocol/path.ts";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { ABI_ENCODING, encodeTransferData, TRANSFER_PORT, TRANSFER_VERSION } from "#adapters/protocol/transfer-data.ts";
import type { TransferData } from "#adapters/protocol/transfer-data.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { deployCore } from "#scripts/deploy/core.ts";
import type { CoreDeployment } from "#scripts/deploy/core.ts";
import { deployExamples } from "#scripts/deploy/examples.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChain } from "#scripts/devnet/dev-chain.ts";
import { claimOf, never, newBatchId } from "#test/conformance/relay.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";
import { openDevComet } from "./dev-comet.ts";
import type { CometProveRequest, DevComet, DevCometOptions } from "./dev-comet.ts";
import { openEvm } from "./evm-bench.ts";
import { memoryTransactions } from "./memory-transactions.ts";

/** The light client of the EVM chain on every small ibc-go chain. */
export const ON_COSMOS = "08-wasm-0";
export const COSMOS_TERMS = { merklePrefix: [new TextEncoder().encode("ibc"), new Uint8Array()], maxPayloads: 1 };
export const COSMOS_ACCOUNT = "cosmos1qurswpc8qurswpc8qurswpc8qurswpc8nn86qp";

export interface CometHost {
  readonly dev: DevChain;
  readonly core: CoreDeployment;
  readonly config: EvmConfig;
  readonly chain: Chain;
  readonly token: `0x${string}`;
  /** What the router has stored for a path. */
  stored(path: Uint8Array): Promise<`0x${string}`>;
  openLane(options?: LaneOptions): Promise<CometLane>;
  close(): Promise<void>;
}

export interface LaneOptions extends DevCometOptions {
  /** Seconds. */
  readonly trustingPeriod?: bigint;
  readonly terms?: typeof COSMOS_TERMS;
}

export interface CometLane {
  readonly comet: DevComet;
  /** Of the ibc-go chain, on the EVM chain. */
  readonly clientId: string;
  trusted(): Promise<TrustedClient>;
  /** Puts a block on the ibc-go chain, at the EVM chain's time. */
  commit(): Promise<bigint>;
  /** A token transfer that the ibc-go chain commits to with its next block, as ibc-go writes it. */
  send(data: Partial<TransferData>): Packet;
  /** Puts another packet in its place. */
  resend(packet: Packet): void;
  /** Evidence that our own verifier accepts, for messages at the newest block. */
  prove(messages: readonly Message[], asked?: Partial<CometProveRequest>): Promise<Uint8Array>;
  submit(messages: readonly Message[], envelope: Uint8Array): Promise<SubmitResult>;
  /** A block, evidence, and a transaction. */
  relay(messages: readonly Message[]): Promise<SubmitResult>;
}

const SIGNER = privateKeyToAccount(devAccounts[0]?.privateKey ?? "0x");

export const soon = (seconds = 3_600): bigint => BigInt(Math.floor(Date.now() / 1000) + seconds);

export async function startCometHost(chainId: number): Promise<CometHost> {
  // A block as soon as there is something to put in it.
  const dev = await startDevChain({ chainId, blockTime: 0, committeeSize: 8 });
  try {
    const deployer = { rpcUrl: dev.rpcUrl, account: SIGNER, pollingInterval: 20 };
    const core = await deployCore({ ...deployer, delay: 0 });
    const { token } = await deployExamples({ ...deployer, messageApp: core.messageApp });
    const config = evmConfig.parse({
      family: "evm",
      chainId: `eip155:${chainId}`,
      endpoints: [{ name: "anvil", url: dev.rpcUrl }],
      consensus: { kind: "beacon", endpoints: [{ name: "beacon", url: dev.beaconUrl }] },
      router: core.router,
      ed25519Verifier: core.ed25519Verifier,
      apps: { transfer: core.transferApp, messages: core.messageApp },
      signer: { env: "SIGNER" },
      pollMilliseconds: 50,
    });
    const chain = await openEvm(config, memoryTransactions());
    const reader = createPublicClient({ transport: http(dev.rpcUrl) });
    return {
      dev,
      core,
      config,
      chain,
      token,
      stored: (path) =>
        reader.readContract({
          address: core.router,
          abi: routerAbi,
          functionName: "getCommitment",
          args: [keccak256(path)],
        }),
      openLane: (options) => openLane(chain, options),
      close: () => dev.stop(),
    };
  } catch (error) {
    await dev.stop();
    throw error;
  }
}

async function openLane(chain: Chain, options: LaneOptions = {}): Promise<CometLane> {
  const { trustingPeriod = 86_400n, terms = COSMOS_TERMS } = options;
  const comet = openDevComet(options);
  comet.commit(soon(0));
  const clientId = await chain.admin.createClient(comet.newClient(trustingPeriod));
  await chain.admin.registerCounterparty(clientId, { clientId: ON_COSMOS, ...terms });
  const trusted = (): Promise<TrustedClient> => chain.target.trusted(clientId);
  let sequence = 0n;

  const lane: CometLane = {
    comet,
    clientId,
    trusted,
    commit: async () => comet.commit((await trusted()).now),
    send(data) {
      sequence += 1n;
      const packet = transferPacket(clientId, sequence, data);
      lane.resend(packet);
      return packet;
    },
    resend(packet) {
      comet.put(commitmentPath(packet), packetCommitment(packet));
    },
    async prove(messages, asked = {}) {
      const now = await trusted();
      const envelope = comet.prove({
        targetChain: chain.chainId,
        trusted: now,
        claims: messages.map(claimOf),
        ...asked,
      });
      const verdict = verifyComet({ trusted: (asked.trusted ?? now).state, envelope, now: now.now });
      if (!verdict.ok) throw new Error(`refused: ${verdict.reason} at ${verdict.at}`);
      return envelope;
    },
    submit: (messages, envelope) => chain.target.submit({ id: newBatchId(), clientId, envelope, messages }, never()),
    async relay(messages) {
      await lane.commit();
      return lane.submit(messages, await lane.prove(messages));
    },
  };
  return lane;
}

export const transferPacket = (
  clientId: string,
  sequence: bigint,
  {
    denom = "stake",
    sender = COSMOS_ACCOUNT,
    receiver = SIGNER.address,
    amount = 1_000n,
    memo = "",
  }: Partial<TransferData>,
): Packet => ({
  sequence,
  sourceClient: ON_COSMOS,
  destinationClient: clientId,
  timeoutTimestamp: soon(),
  payloads: [
    {
      sourcePort: TRANSFER_PORT,
      destinationPort: TRANSFER_PORT,
      version: TRANSFER_VERSION,
      encoding: ABI_ENCODING,
      value: encodeTransferData({ denom, sender, receiver, amount, memo }),
    },
  ],
});

export const hexOf = toHex;
