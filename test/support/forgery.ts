// What a hostile sync committee can sign: light-client updates that contradict the chain they claim to come from.
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { createPublicClient, createWalletClient, encodeFunctionData, http, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { GINDICES, makeBeaconBlock } from "#scripts/devnet/beacon-block.ts";
import type { BeaconBlock, BeaconHeader } from "#scripts/devnet/beacon-block.ts";
import { makeCommittee } from "#scripts/devnet/committee.ts";
import type { Committee } from "#scripts/devnet/committee.ts";
import { devAccounts } from "#scripts/devnet/dev-accounts.ts";
import type { DevChain } from "#scripts/devnet/dev-chain.ts";
import { executionBlockHash, executionHeaderRlp } from "#scripts/devnet/execution-header.ts";
import type { ExecutionHeader } from "#scripts/devnet/execution-header.ts";
import { periodOf } from "#scripts/devnet/network.ts";
import { abi as lightClientAbi } from "../../contracts/evm/bindings/ILightClient.ts";
import { abi as routerAbi } from "../../contracts/evm/bindings/PacketRouter.ts";

export interface Forgery {
  /** Canonical, and validly signed. */
  readonly update: Uint8Array;
  /** Of the execution block it finalizes. */
  readonly height: bigint;
}

export interface ForgeOptions {
  /**
   * `block`: another block in the finalized one's place; `slot`: one in a slot that the chain left empty or finalizes later;
   * `height`: one far above the chain; `committee`: the true block, and a next committee of the forgers' own.
   */
  readonly what: "block" | "slot" | "height" | "committee";
}

function altered(header: ExecutionHeader, changes: Partial<ExecutionHeader>): ExecutionHeader {
  const stateRoot = toHex(sha256(utf8ToBytes(`forged over ${header.hash}`)));
  const forged = { ...header, stateRoot, ...changes };
  return { ...forged, hash: toHex(executionBlockHash(forged)) };
}

const canonicalHeader = ({ slot, proposerIndex, ...roots }: BeaconHeader) => ({
  ...roots,
  slot: BigInt(slot),
  proposerIndex: BigInt(proposerIndex),
});

const keysOf = ({ pubkeys, aggregatePubkey }: Committee) => ({ pubkeys: [...pubkeys], aggregatePubkey });

/** Signed by all of the committee in office, about the chain as it is now. */
export async function forge({ control, network }: DevChain, { what }: ForgeOptions): Promise<Forgery> {
  await control.sync();
  const { chain } = control;
  const { head } = chain;
  const { finalized } = head;
  if (finalized === undefined) throw new Error("nothing is finalized that could be contradicted");
  const period = periodOf(network, head.slot + 1);
  const usurpers = makeCommittee({ ...network, seed: network.seed + 1_000 }, period + 1);
  const committeeRoot = (wanted: number): Uint8Array =>
    what === "committee" && wanted === period + 1 ? usurpers.root : chain.committeeRoot(wanted);
  const { execution } = finalized;
  const block = (changes: Partial<ExecutionHeader>, slot: number): BeaconBlock => {
    const forged = altered(execution, changes);
    const parentRoot = finalized.header.parentRoot;
    return makeBeaconBlock(network, {
      slot,
      parentRoot,
      execution: forged,
      parentExecution: forged,
      finalized: finalized.finalized,
      committeeRoot,
    });
  };
  const next = { number: execution.number + 2_000n, timestamp: execution.timestamp + 1n };
  const claimed =
    what === "committee"
      ? finalized
      : what === "height"
        ? block(next, head.slot)
        : what === "slot"
          ? block({ number: execution.number + 1n, timestamp: execution.timestamp + 1n }, head.slot)
          : block({}, finalized.slot);
  const attested = makeBeaconBlock(network, {
    slot: head.slot,
    parentRoot: claimed.root,
    execution: altered(head.execution, {}),
    parentExecution: altered(head.execution, {}),
    finalized: claimed,
    committeeRoot,
  });
  const { bits, signature, signatureSlot } = chain.sign(attested);
  const gindex = GINDICES[attested.fork];
  const update = beaconUpdate.encode({
    attestedHeader: canonicalHeader(attested.header),
    finalizedHeader: canonicalHeader(claimed.header),
    finalityBranch: attested.state.branch(gindex.finalizedRoot),
    executionBranch: claimed.body.branch(GINDICES[claimed.fork].executionBlockHash),
    executionHeader: executionHeaderRlp(claimed.anchor),
    nextSyncCommittee: what === "committee" ? [keysOf(usurpers)] : [],
    nextSyncCommitteeBranch: what === "committee" ? attested.state.branch(gindex.nextCommittee) : [],
    syncCommittee: keysOf(chain.committee(period)),
    syncCommitteeBits: bits,
    syncCommitteeSignature: signature,
    signatureSlot: BigInt(signatureSlot),
  });
  return { update, height: claimed.anchor.number };
}

/** How a hostile relayer brings its update: to the router, to the light client, through a wallet, or from an own contract. */
export type Way = "router" | "light client" | "wallet" | "own contract";

export interface HostileUpdate {
  /** The chain that hosts the light client. */
  readonly rpcUrl: string;
  readonly router: `0x${string}`;
  readonly clientId: string;
  /** The light client's canonical state. */
  readonly trusted: Uint8Array;
  readonly update: Uint8Array;
  readonly way: Way;
}

/**
 * EVM code that calls the address in the first word of its calldata with the rest of it, as it is or with every bit turned:
 * calldatacopy; for each word: mstore(at, [not] mload(at)); call.
 */
const forwarder = (turned: boolean): `0x${string}` =>
  `0x602d8060095f395ff336602090038060205f375f5b8051${turned ? "19" : "5b"}815260200181811060 0b57505f5f825f5f5f355af115602957005b5f5ffd`.replaceAll(
    " ",
    "",
  ) as `0x${string}`;

const turn = (data: `0x${string}`): `0x${string}` =>
  `0x${data.slice(2).replaceAll(/../g, (byte) => (0xff ^ Number.parseInt(byte, 16)).toString(16).padStart(2, "0"))}`;

/** Throws when the transaction reverts. */
export async function bring({ rpcUrl, router, clientId, trusted, update, way }: HostileUpdate): Promise<void> {
  const key = devAccounts[7]?.privateKey;
  if (key === undefined) throw new Error("there is no development account 7");
  const transport = http(rpcUrl);
  const reader = createPublicClient({ transport, pollingInterval: 100 });
  const wallet = createWalletClient({ account: privateKeyToAccount(key), transport });
  const included = async (hash: `0x${string}`) => {
    const receipt = await reader.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error("the light client refuses the forged update");
    return receipt;
  };
  const message = toHex(packBeaconUpdate(update, trusted));
  const { lightClient } = await reader.readContract({
    address: router,
    abi: routerAbi,
    functionName: "getClient",
    args: [clientId],
  });
  const direct = encodeFunctionData({ abi: lightClientAbi, functionName: "update", args: [message] });
  if (way === "light client")
    await included(await wallet.sendTransaction({ chain: null, to: lightClient, data: direct }));
  else if (way === "router") {
    const batch = { clientId, updates: [message], proof: "0x", recvs: [], acks: [], timeouts: [] } as const;
    const data = encodeFunctionData({ abi: routerAbi, functionName: "relay", args: [batch] });
    await included(await wallet.sendTransaction({ chain: null, to: router, data }));
  } else {
    const turned = way === "own contract";
    const { contractAddress } = await included(await wallet.sendTransaction({ chain: null, data: forwarder(turned) }));
    const data = `0x${lightClient.slice(2).padStart(64, "0")}${(turned ? turn(direct) : direct).slice(2)}` as const;
    await included(await wallet.sendTransaction({ chain: null, to: contractAddress ?? null, data }));
  }
}
