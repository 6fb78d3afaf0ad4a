// Builds valid evidence about an invented beacon chain: real keys, signatures and branches, made without our verifiers.
import { ContainerType, ByteVectorType, UintBigintType, VectorCompositeType } from "@chainsafe/ssz";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { toRlp } from "viem/utils";
import type { Hex } from "viem";
import type { BeaconBlockHeader, BeaconUpdate, SyncCommittee } from "#adapters/evm/verify/evidence.ts";
import type { BeaconState, Fork } from "#adapters/evm/verify/trusted-state.ts";
import { compressKeys } from "#scripts/devnet/compress-keys.ts";
import { sparseTree } from "./sparse-tree.ts";

const ORDER = bls12_381.fields.Fr.ORDER;
const bytes32 = new ByteVectorType(32);
const uint64 = new UintBigintType(8);
const headerType = new ContainerType({
  slot: uint64,
  proposerIndex: uint64,
  parentRoot: bytes32,
  stateRoot: bytes32,
  bodyRoot: bytes32,
});
const toHex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;
const filler = (text: string): Uint8Array => sha256(utf8ToBytes(text));

/** Rows as mainnet will have them, at epochs of the test's choosing. */
export const electraRow = (epoch: bigint): Fork => ({
  epoch,
  version: "0x05000000",
  finalizedRootGindex: 169,
  nextSyncCommitteeGindex: 87,
  executionBlockHashGindex: 812,
});
export const fuluRow = (epoch: bigint): Fork => ({ ...electraRow(epoch), version: "0x06000000" });
export const gloasRow = (epoch: bigint): Fork => ({
  epoch,
  version: "0x07000000",
  finalizedRootGindex: 735,
  nextSyncCommitteeGindex: 2946,
  executionBlockHashGindex: 2856,
});

export interface BeaconFixtureOptions {
  /** A power of two; 512 by default. */
  readonly committeeSize?: number;
  readonly forks?: readonly Fork[];
  /** Slot of the header the client starts from; its period is the trusted one. */
  readonly startSlot?: bigint;
  readonly slotsPerEpoch?: bigint;
  readonly epochsPerPeriod?: bigint;
  readonly trustingPeriod?: bigint;
  readonly maxClockDrift?: bigint;
  /** Start with the next committee known. */
  readonly nextCommitteeKnown?: boolean;
  readonly router?: Hex;
  readonly commitmentsSlot?: Hex;
  /** State root of the starting header, to prove against. */
  readonly stateRoot?: Uint8Array;
  /** Members of every committee whose keys are no points of the curve. */
  readonly brokenKeys?: readonly number[];
  readonly brokenAggregate?: boolean;
}

export interface ExecutionBlock {
  readonly number: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly stateRoot: Uint8Array;
}

export interface UpdateOptions {
  readonly signatureSlot: bigint;
  /** One before the signature by default. */
  readonly attestedSlot?: bigint;
  /** Two epochs before the attested header by default. */
  readonly finalizedSlot?: bigint;
  /** By default: height and time in step with the finalized slot. */
  readonly execution?: Partial<ExecutionBlock>;
  /** Committee members that did not sign. */
  readonly absent?: readonly number[];
  readonly nextCommittee?: boolean;
  /** Period of the committee that follows, when it is not the attested period + 1. */
  readonly nextCommitteePeriod?: bigint;
  /** Period of the committee that signs, when it is not that of the signature slot. */
  readonly signingPeriod?: bigint;
  /** Changes the finalized header without changing its slot or execution block. */
  readonly variant?: string;
}

export interface BeaconFixture {
  readonly trusted: BeaconState;
  /** Execution block of the starting header. */
  readonly startBlock: ExecutionBlock;
  /** Unix seconds at which the slot begins. */
  timeOf(slot: bigint): bigint;
  periodOf(slot: bigint): bigint;
  committee(period: bigint): SyncCommittee;
  committeeRoot(period: bigint): Uint8Array;
  /** By default the block a finalized slot of this fixture carries. */
  blockOf(slot: bigint): ExecutionBlock;
  makeUpdate(options: UpdateOptions): BeaconUpdate;
  /** Signs the update's attested header again, after a test changed it. */
  sign(update: BeaconUpdate, options?: Pick<UpdateOptions, "absent" | "signingPeriod">): BeaconUpdate;
}

export const executionHeaderRlp = (block: ExecutionBlock): Uint8Array => {
  const word = (text: string): Hex => toHex(filler(text));
  const integer = (value: bigint): Hex => {
    const digits = value === 0n ? "" : value.toString(16);
    return `0x${digits.length % 2 ? "0" : ""}${digits}`;
  };
  return toRlp(
    [
      word("parent"),
      word("uncles"),
      toHex(filler("coinbase").slice(0, 20)),
      toHex(block.stateRoot),
      word("transactions"),
      word("receipts"),
      toHex(new Uint8Array(256).fill(0x11)),
      "0x",
      integer(block.number),
      integer(36_000_000n),
      integer(12_345_678n),
      integer(block.timestamp),
      toHex(utf8ToBytes("causeway")),
      word("randao"),
      "0x0000000000000000",
      integer(7n),
      word("withdrawals"),
      integer(131_072n),
      integer(0n),
      word("parent beacon block"),
      word("requests"),
    ],
    "bytes",
  );
};

/** The word that stands for an execution block in the ring of consensus states. */
export function consensusWord(block: ExecutionBlock): Hex {
  const height = hexToBytes(block.number.toString(16).padStart(16, "0"));
  const timestamp = hexToBytes(block.timestamp.toString(16).padStart(16, "0"));
  const digest = keccak_256(concatBytes(height, timestamp, block.stateRoot));
  return toHex(concatBytes(height, digest.slice(0, 24)));
}

interface KeySet {
  readonly keys: SyncCommittee;
  readonly root: Uint8Array;
  secret(member: number): bigint;
}

const cachedKeys = new Map<string, KeySet>();

function makeKeySet(period: bigint, size: number, broken: readonly number[], brokenAggregate: boolean): KeySet {
  const name = `${period}/${size}/${broken.join(",")}/${brokenAggregate}`;
  const known = cachedKeys.get(name);
  if (known) return known;
  const digest = BigInt(toHex(filler(`secret ${period}`)));
  const secret = (member: number): bigint => (digest + BigInt(member) * 0x9e3779b97f4a7c15n) % ORDER;
  const step = bls12_381.G1.Point.BASE.multiply(0x9e3779b97f4a7c15n);
  const points = [bls12_381.G1.Point.BASE.multiply(secret(0))];
  while (points.length < size) points.push((points.at(-1) as (typeof points)[number]).add(step));
  const total = points.reduce((sum, point) => sum.add(point));
  const pubkeys = compressKeys([...points, total]);
  const aggregatePubkey = pubkeys.pop() as Uint8Array;
  // x = 1 is no abscissa of the curve: 1 + 4 = 5 has no square root.
  const noPoint = new Uint8Array(48);
  noPoint[0] = 0x80;
  noPoint[47] = 1;
  for (const member of broken) pubkeys[member] = noPoint.slice();
  const keys = { pubkeys, aggregatePubkey: brokenAggregate ? noPoint.slice() : aggregatePubkey };
  const key = new ByteVectorType(48);
  const type = new ContainerType({ pubkeys: new VectorCompositeType(key, size), aggregatePubkey: key });
  const made = { keys, root: type.hashTreeRoot(keys), secret };
  cachedKeys.set(name, made);
  return made;
}

function bitsOf(size: number, absent: readonly number[]): Uint8Array {
  const bits = new Uint8Array(size / 8).fill(0xff);
  for (const member of absent) bits[member >> 3] = (bits[member >> 3] ?? 0) & ~(1 << (member & 7));
  return bits;
}

/** A chain whose committees, signatures and trees are all derived from small numbers: the same options give the same bytes. */
export function makeBeaconFixture(options: BeaconFixtureOptions = {}): BeaconFixture {
  const size = options.committeeSize ?? 512;
  const slotsPerEpoch = options.slotsPerEpoch ?? 32n;
  const epochsPerPeriod = options.epochsPerPeriod ?? 256n;
  const forks = options.forks ?? [electraRow(0n)];
  const genesisTime = 1_700_000_000n;
  const secondsPerSlot = 12n;
  const genesisValidatorsRoot = filler("genesis validators");
  const epochOf = (slot: bigint): bigint => slot / slotsPerEpoch;
  const periodOf = (slot: bigint): bigint => epochOf(slot) / epochsPerPeriod;
  const startSlot = options.startSlot ?? 3n * slotsPerEpoch * epochsPerPeriod + 2n * slotsPerEpoch;
  const timeOf = (slot: bigint): bigint => genesisTime + slot * secondsPerSlot;
  const blockOf = (slot: bigint): ExecutionBlock => ({
    number: slot + 1000n,
    timestamp: timeOf(slot),
    stateRoot: options.stateRoot ?? filler(`state ${slot}`),
  });
  const startBlock = blockOf(startSlot);
  const keysOf = (period: bigint): KeySet =>
    makeKeySet(period, size, options.brokenKeys ?? [], options.brokenAggregate ?? false);
  const rowOf = (slot: bigint): Fork => forks.findLast((row) => row.epoch <= epochOf(slot)) ?? electraRow(0n);

  const ring: Hex[] = Array.from({ length: 61 }, () => toHex(new Uint8Array(32)));
  ring[Number(startBlock.number % 61n)] = consensusWord(startBlock);
  const trusted: BeaconState = {
    chainId: 1n,
    genesisValidatorsRoot: toHex(genesisValidatorsRoot),
    genesisTime,
    secondsPerSlot,
    slotsPerEpoch,
    epochsPerPeriod,
    committeeSize: BigInt(size),
    trustingPeriod: options.trustingPeriod ?? 14n * 86_400n,
    maxClockDrift: options.maxClockDrift ?? 12n,
    router: options.router ?? toHex(filler("router").slice(0, 20)),
    commitmentsSlot: options.commitmentsSlot ?? "0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600",
    forks,
    frozen: false,
    latestHeight: startBlock.number,
    latestTimestamp: startBlock.timestamp,
    latestSlot: startSlot,
    period: periodOf(startSlot),
    committeeRoot: toHex(keysOf(periodOf(startSlot)).root),
    nextCommitteeRoot: toHex(options.nextCommitteeKnown ? keysOf(periodOf(startSlot) + 1n).root : new Uint8Array(32)),
    ring,
  };

  function sign(update: BeaconUpdate, who: Pick<UpdateOptions, "absent" | "signingPeriod"> = {}): BeaconUpdate {
    const keys = keysOf(who.signingPeriod ?? periodOf(update.signatureSlot));
    const absent = who.absent ?? [];
    let secret = 0n;
    for (let member = 0; member < size; member++) if (!absent.includes(member)) secret += keys.secret(member);
    const version = rowOf(update.signatureSlot > 0n ? update.signatureSlot - 1n : 0n).version;
    const forkDataRoot = sha256(concatBytes(hexToBytes(version.slice(2)), new Uint8Array(28), genesisValidatorsRoot));
    const domain = concatBytes(Uint8Array.of(7, 0, 0, 0), forkDataRoot.slice(0, 28));
    const signingRoot = sha256(concatBytes(headerType.hashTreeRoot(update.attestedHeader), domain));
    const message = bls12_381.G2.hashToCurve(signingRoot, { DST: "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_" });
    const signature = message.multiply(secret % ORDER || 1n);
    return {
      ...update,
      syncCommittee: keys.keys,
      syncCommitteeBits: bitsOf(size, absent),
      syncCommitteeSignature: signature.toBytes(true),
    };
  }

  function makeUpdate(wanted: UpdateOptions): BeaconUpdate {
    const { signatureSlot } = wanted;
    const attestedSlot = wanted.attestedSlot ?? signatureSlot - 1n;
    const finalizedSlot = wanted.finalizedSlot ?? attestedSlot - 2n * slotsPerEpoch;
    const attestedRow = rowOf(attestedSlot);
    const executionGindex = rowOf(finalizedSlot).executionBlockHashGindex;
    const executionHeader = executionHeaderRlp({ ...blockOf(finalizedSlot), ...wanted.execution });
    const body = sparseTree(new Map([[executionGindex, keccak_256(executionHeader)]]), `body ${finalizedSlot} `);
    const finalizedHeader: BeaconBlockHeader = {
      slot: finalizedSlot,
      proposerIndex: 17n,
      parentRoot: filler(`parent of ${finalizedSlot} ${wanted.variant ?? ""}`),
      stateRoot: filler(`beacon state ${finalizedSlot}`),
      bodyRoot: body.root,
    };
    const next = keysOf(wanted.nextCommitteePeriod ?? periodOf(attestedSlot) + 1n);
    const state = sparseTree(
      new Map([
        [attestedRow.finalizedRootGindex, headerType.hashTreeRoot(finalizedHeader)],
        [attestedRow.nextSyncCommitteeGindex, next.root],
      ]),
      `state ${attestedSlot} `,
    );
    const unsigned: BeaconUpdate = {
      attestedHeader: {
        slot: attestedSlot,
        proposerIndex: 23n,
        parentRoot: filler(`parent of ${attestedSlot}`),
        stateRoot: state.root,
        bodyRoot: filler(`body of ${attestedSlot}`),
      },
      finalizedHeader,
      finalityBranch: state.branch(attestedRow.finalizedRootGindex),
      executionBranch: body.branch(executionGindex),
      executionHeader,
      nextSyncCommittee: wanted.nextCommittee ? [next.keys] : [],
      nextSyncCommitteeBranch: wanted.nextCommittee ? state.branch(attestedRow.nextSyncCommitteeGindex) : [],
      syncCommittee: { pubkeys: [], aggregatePubkey: new Uint8Array(48) },
      syncCommitteeBits: new Uint8Array(size / 8),
      syncCommitteeSignature: new Uint8Array(96),
      signatureSlot,
    };
    return sign(unsigned, wanted);
  }

  return {
    trusted,
    startBlock,
    timeOf,
    periodOf,
    committee: (period) => keysOf(period).keys,
    committeeRoot: (period) => keysOf(period).root,
    blockOf,
    makeUpdate,
    sign,
  };
}
