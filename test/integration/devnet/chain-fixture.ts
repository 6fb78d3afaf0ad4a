// A development beacon chain over made-up execution headers: no node, no clock.
import { BeaconChain } from "#scripts/devnet/beacon-chain.ts";
import { executionBlockHash } from "#scripts/devnet/execution-header.ts";
import type { ExecutionHeader, Hex } from "#scripts/devnet/execution-header.ts";
import { hex } from "#scripts/devnet/light-client-data.ts";
import { derive } from "#scripts/devnet/network.ts";
import type { Network } from "#scripts/devnet/network.ts";

const GENESIS_TIME = 1_700_000_000;
const filled = (byte: number, length = 32): Hex => hex(new Uint8Array(length).fill(byte));

export function makeNetwork(overrides: Partial<Network> = {}): Network {
  const { chainId = 31337, seed = 7 } = overrides;
  return {
    chainId,
    seed,
    genesisTime: GENESIS_TIME,
    secondsPerSlot: 1,
    slotsPerEpoch: 4,
    epochsPerPeriod: 2,
    committeeSize: 512,
    fuluEpoch: 0,
    gloasEpoch: undefined,
    hezeEpoch: undefined,
    genesisValidatorsRoot: derive({ chainId, seed }, "genesis validators root"),
    ...overrides,
  };
}

export function makeExecutionHeader(parent: ExecutionHeader | undefined, slot: number, salt = 0): ExecutionHeader {
  const number = parent === undefined ? 0n : parent.number + 1n;
  const header: ExecutionHeader = {
    parentHash: parent?.hash ?? filled(0),
    sha3Uncles: filled(1),
    miner: filled(2, 20),
    stateRoot: filled(3 + salt),
    transactionsRoot: filled(4),
    receiptsRoot: filled(5),
    logsBloom: filled(6, 256),
    difficulty: 0n,
    number,
    gasLimit: 60_000_000n,
    gasUsed: 21_000n,
    timestamp: BigInt(GENESIS_TIME + slot),
    extraData: "0x646576",
    mixHash: filled(7),
    nonce: filled(0, 8),
    baseFeePerGas: (1n << 70n) + 5n,
    withdrawalsRoot: filled(8),
    blobGasUsed: 131_072n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: filled(9),
    requestsHash: filled(10),
    hash: "0x",
  };
  return { ...header, hash: hex(executionBlockHash(header)) };
}

/** Blocks at the given slots, the first of which is 0. */
export function makeChain(network: Network, slots: readonly number[], lag: number | "manual" = 2): BeaconChain {
  const chain = new BeaconChain(network, lag);
  for (const slot of slots) chain.append(makeExecutionHeader(chain.blocks().at(-1)?.execution, slot));
  return chain;
}

export const slotsTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, slot) => slot);
