// The two genesis descriptions of the proof-of-stake chain: the consensus layer's configuration and the execution layer's genesis.
import { parseEther, toHex } from "viem";
import { systemContracts } from "./system-contracts.ts";

export interface PosTiming {
  readonly secondsPerSlot: number;
  readonly slotsPerEpoch: number;
  readonly epochsPerPeriod: number;
}

/** The address deposits would be made at; nobody deposits, so no contract is there. */
const DEPOSIT_CONTRACT = "0x4242424242424242424242424242424242424242";
const FAR_FUTURE_EPOCH = "18446744073709551615";

/** Version bytes end in a number of our own, so that no signature of this chain means anything on another. */
const forkVersion = (fork: number): string => `0x0${fork}0000c5`;

/** consensus-specs configuration in YAML: mainnet's committee of 512, every fork up to Electra from genesis on. */
export function consensusConfig(chainId: number, timing: PosTiming): string {
  const lines: readonly (readonly [string, string | number])[] = [
    ["CONFIG_NAME", "interop"],
    ["PRESET_BASE", "interop"],
    ["GENESIS_FORK_VERSION", forkVersion(0)],
    ...["ALTAIR", "BELLATRIX", "CAPELLA", "DENEB", "ELECTRA"].flatMap((fork, index): [string, string | number][] => [
      [`${fork}_FORK_EPOCH`, 0],
      [`${fork}_FORK_VERSION`, forkVersion(index + 1)],
    ]),
    ["FULU_FORK_EPOCH", FAR_FUTURE_EPOCH],
    ["FULU_FORK_VERSION", forkVersion(6)],
    ["TERMINAL_TOTAL_DIFFICULTY", 0],
    ["SECONDS_PER_SLOT", timing.secondsPerSlot],
    ["SLOTS_PER_EPOCH", timing.slotsPerEpoch],
    ["EPOCHS_PER_SYNC_COMMITTEE_PERIOD", timing.epochsPerPeriod],
    ["ETH1_FOLLOW_DISTANCE", 1],
    ["DEPOSIT_CHAIN_ID", chainId],
    ["DEPOSIT_NETWORK_ID", chainId],
    ["DEPOSIT_CONTRACT_ADDRESS", DEPOSIT_CONTRACT],
  ];
  return lines.map(([key, value]) => `${key}: ${value}\n`).join("");
}

const blobs = { target: 6, max: 9, baseFeeUpdateFraction: 5_007_716 };

/** geth's genesis.json; the fork times and the genesis time are filled in by prysmctl. Balances are in ether. */
export function executionGenesis(
  chainId: number,
  prefunded: readonly string[],
  balance = "1000000",
): Record<string, unknown> {
  const blockForks = [
    "homestead",
    "eip150",
    "eip155",
    "eip158",
    "byzantium",
    "constantinople",
    "petersburg",
    "istanbul",
  ];
  return {
    config: {
      chainId,
      ...Object.fromEntries([...blockForks, "berlin", "london"].map((fork) => [`${fork}Block`, 0])),
      terminalTotalDifficulty: 0,
      terminalTotalDifficultyPassed: true,
      shanghaiTime: 0,
      cancunTime: 0,
      pragueTime: 0,
      blobSchedule: { cancun: { ...blobs, target: 3, max: 6, baseFeeUpdateFraction: 3_338_477 }, prague: blobs },
      depositContractAddress: DEPOSIT_CONTRACT,
    },
    difficulty: "0x0",
    gasLimit: toHex(60_000_000),
    baseFeePerGas: toHex(1_000_000_000),
    alloc: {
      ...Object.fromEntries(
        Object.entries(systemContracts).map(([address, { code }]) => [address, { balance: "0x0", nonce: "0x1", code }]),
      ),
      ...Object.fromEntries(prefunded.map((address) => [address, { balance: toHex(parseEther(balance)) }])),
    },
  };
}
