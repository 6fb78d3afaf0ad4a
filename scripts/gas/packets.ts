// What sending, receiving and acknowledging token transfers cost, with the real light client and real trie proofs.
import { bytesToHex } from "@noble/hashes/utils.js";
import { encodeDeployData, encodeFunctionData } from "viem/utils";
import type { Hex } from "viem";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { acknowledgeClaim, receiveClaim } from "#adapters/protocol/claim.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { ABI_ENCODING, TRANSFER_PORT, TRANSFER_VERSION, encodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { configurationCalls } from "#scripts/deploy/configure.ts";
import { heldBy } from "#scripts/deploy/roles.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";
import type { StateFixture } from "#test/support/state-evidence.ts";
import * as managerCode from "../../contracts/evm/bindings/AccessManager.ts";
import * as clientCode from "../../contracts/evm/bindings/BeaconLightClient.ts";
import * as tokenCode from "../../contracts/evm/bindings/DemoToken.ts";
import * as messageCode from "../../contracts/evm/bindings/MessageApp.ts";
import * as routerCode from "../../contracts/evm/bindings/PacketRouter.ts";
import * as transferCode from "../../contracts/evm/bindings/TransferApp.ts";
import { openGasChain } from "./gas-chain.ts";
import type { GasChain } from "./gas-chain.ts";
import type { GasHardfork, GasRow } from "./row.ts";

const HERE = "beacon-0";
const THERE = "beacon-7";
const BATCH = 50;
const SUCCESS = new TextEncoder().encode('{"result":"AQ=="}');
const COUNTERPARTY = "0x00000000000000000000000000000000000c0de5";
const plain = makeBeaconFixture();
const now = plain.startBlock.timestamp + 60n;
const timeout = now + 3_600n;

interface Core {
  readonly chain: GasChain;
  readonly router: Hex;
  readonly transferApp: Hex;
  readonly token: Hex;
}

/** The core with `BATCH` transfers of 1,000 sent and settled nowhere yet: its escrow, sequences and balances are in use. */
async function openCore(hardfork: GasHardfork, remote: StateFixture): Promise<Core> {
  const chain = await openGasChain(hardfork, now);
  const manager = await chain.deploy(encodeDeployData({ ...managerCode, args: [chain.sender] }));
  const router = await chain.deploy(encodeDeployData({ ...routerCode, args: [manager] }));
  const transferApp = await chain.deploy(encodeDeployData({ ...transferCode, args: [router, manager] }));
  const messageApp = await chain.deploy(encodeDeployData({ ...messageCode, args: [router] }));
  const token = await chain.deploy(encodeDeployData({ ...tokenCode, args: ["Demo", "DEMO", 10n ** 24n] }));
  const holders = heldBy(chain.sender);
  const calls = configurationCalls({ router, transferApp, messageApp, deployer: chain.sender, holders, delay: 0 });
  await chain.send(manager, encodeFunctionData({ abi: managerCode.abi, functionName: "multicall", args: [calls] }));
  const fixture = makeBeaconFixture({ router: COUNTERPARTY, stateRoot: remote.stateRoot });
  const state = bytesToHex(encodeTrustedState(fixture.trusted));
  const lightClient = await chain.deploy(encodeDeployData({ ...clientCode, args: [`0x${state}`, manager] }));
  const { abi } = routerCode;
  await chain.send(router, encodeFunctionData({ abi, functionName: "createClient", args: [lightClient] }));
  const counterparty = [HERE, THERE, ["0x"], 1] as const;
  await chain.send(router, encodeFunctionData({ abi, functionName: "registerCounterparty", args: counterparty }));
  const approval = [transferApp, 2n ** 256n - 1n] as const;
  await chain.send(token, encodeFunctionData({ abi: tokenCode.abi, functionName: "approve", args: approval }));
  const core = { chain, router, transferApp, token };
  for (let sent = 0; sent < BATCH; sent++) await send(core);
  return core;
}

const send = ({ chain, transferApp, token }: Core): Promise<number> =>
  chain.send(
    transferApp,
    encodeFunctionData({
      abi: transferCode.abi,
      functionName: "sendTransfer",
      args: [HERE, token, 1_000n, COUNTERPARTY, timeout, ""],
    }),
  );

const packet = (sequence: number, from: string, to: string, denom: string, sender: Hex, receiver: Hex): Packet => ({
  sequence: BigInt(sequence),
  sourceClient: from,
  destinationClient: to,
  timeoutTimestamp: timeout,
  payloads: [
    {
      sourcePort: TRANSFER_PORT,
      destinationPort: TRANSFER_PORT,
      version: TRANSFER_VERSION,
      encoding: ABI_ENCODING,
      value: encodeTransferData({ denom, sender, receiver, amount: 1_000n, memo: "" }),
    },
  ],
});

/** The addresses of `openCore`, which depend on nothing but the order of its deployments. */
async function addresses(hardfork: GasHardfork): Promise<{ sender: Hex; token: Hex }> {
  const core = await openCore(hardfork, await remoteState([]));
  return { sender: core.chain.sender, token: core.token };
}

const remoteState = (claims: readonly Claim[]): Promise<StateFixture> =>
  makeStateFixture({
    router: COUNTERPARTY,
    commitmentsSlot: plain.trusted.commitmentsSlot,
    commitments: claims.flatMap((claim) => (claim.kind === "membership" ? [claim] : [])),
  });

function solidity(value: Packet) {
  return {
    sequence: value.sequence,
    sourceClient: value.sourceClient,
    destClient: value.destinationClient,
    timeoutTimestamp: value.timeoutTimestamp,
    payloads: value.payloads.map(({ destinationPort, value: bytes, ...payload }) => ({
      ...payload,
      destPort: destinationPort,
      value: `0x${bytesToHex(bytes)}` as const,
    })),
  };
}

/** Gas per packet of one transaction that delivers `count` returning transfers, or acknowledgements of sent ones. */
async function deliver(hardfork: GasHardfork, kind: "receive" | "acknowledge", count: number): Promise<number> {
  const { sender, token } = await addresses(hardfork);
  const packets = Array.from({ length: count }, (_, index) =>
    kind === "receive"
      ? packet(index + 1, THERE, HERE, `transfer/${THERE}/${token.toLowerCase()}`, COUNTERPARTY, sender)
      : packet(index + 1, HERE, THERE, token.toLowerCase(), sender, COUNTERPARTY),
  );
  const claims = packets.map((each) => (kind === "receive" ? receiveClaim(each) : acknowledgeClaim(each, [SUCCESS])));
  const remote = await remoteState(claims);
  const { chain, router } = await openCore(hardfork, remote);
  const { startBlock } = makeBeaconFixture({ stateRoot: remote.stateRoot });
  const root = rootProof.encode({
    height: startBlock.number,
    timestamp: startBlock.timestamp,
    stateRoot: remote.stateRoot,
    accountProof: remote.accountProof,
    ancestry: [],
  });
  const proofs = await Promise.all(
    claims.map(async ({ path }) => storageProof.encode(await remote.storageProof(path))),
  );
  const batch = {
    clientId: HERE,
    updates: [],
    proof: `0x${bytesToHex(packStateProof(root, proofs))}` as const,
    recvs: kind === "receive" ? packets.map(solidity) : [],
    acks:
      kind === "acknowledge"
        ? packets.map((each) => ({ packet: solidity(each), acknowledgements: [`0x${bytesToHex(SUCCESS)}` as const] }))
        : [],
    timeouts: [],
  };
  const data = encodeFunctionData({ abi: routerCode.abi, functionName: "relay", args: [batch] });
  return Math.ceil((await chain.send(router, data)) / count);
}

export const rows: readonly GasRow[] = [
  {
    key: "send.erc20",
    measure: async (hardfork) => send(await openCore(hardfork, await remoteState([]))),
  },
  { key: "recv.erc20.single", measure: (hardfork) => deliver(hardfork, "receive", 1) },
  { key: "recv.batch50", measure: (hardfork) => deliver(hardfork, "receive", BATCH) },
  { key: "ack.batch50", measure: (hardfork) => deliver(hardfork, "acknowledge", BATCH) },
];
