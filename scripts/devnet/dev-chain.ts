// An embedded development chain: anvil as execution, a small consensus of our own that signs genuine light-client data.
import { BeaconChain } from "./beacon-chain.ts";
import { startAnvil } from "./anvil.ts";
import { startBeaconApi } from "./beacon-api.ts";
import { DevControl } from "./control.ts";
import { areForksInOrder, derive } from "./network.ts";
import type { Network } from "./network.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { z } from "zod";

const optionsSchema = z.strictObject({
  chainId: z.int().positive(),
  /** Ports on 127.0.0.1; absent picks a free one. */
  rpcPort: z.int().min(1).max(65_535).optional(),
  beaconPort: z.int().min(1).max(65_535).optional(),
  /** Seconds between blocks; 0 mines only on command and when a transaction is pending. */
  blockTime: z.int().nonnegative().default(1),
  /** Blocks between the head and what its state finalizes (at least 1), or only on command. */
  finalityLag: z.union([z.int().positive(), z.literal("manual")]).default(2),
  /** 512 as on mainnet, 32 as in the minimal preset, or another power of two from 8. */
  committeeSize: z.union([8, 16, 32, 64, 128, 256, 512].map((size) => z.literal(size))).default(512),
  slotsPerEpoch: z.int().positive().default(8),
  epochsPerPeriod: z.int().positive().default(32),
  /** First epoch under the rules of each fork, Electra before them; absent: never, unless it is scheduled later. */
  fuluEpoch: z.int().nonnegative().default(0),
  gloasEpoch: z.int().nonnegative().optional(),
  hezeEpoch: z.int().nonnegative().optional(),
  /** Decides keys, fork versions and the genesis validators root. */
  seed: z.int().nonnegative().default(0),
});

export type DevChainOptions = z.input<typeof optionsSchema>;

export interface DevChain {
  readonly chainId: number;
  readonly rpcUrl: string;
  readonly beaconUrl: string;
  readonly network: Network;
  readonly control: DevControl;
  /** Process id of anvil. */
  readonly pid: number;
  /** Idempotent; nothing is left running. */
  stop(): Promise<void>;
}

/** Blocks mined before the start returns, so that a finalized header is there to begin from. */
const FIRST_BLOCKS = 3;

/** Returns once the chain mines and its beacon API serves a finality update. Throws INVALID_ARGUMENT, RPC_UNREACHABLE. */
export async function startDevChain(options: DevChainOptions): Promise<DevChain> {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success)
    throw new CausewayError("INVALID_ARGUMENT", `development chain: ${z.prettifyError(parsed.error)}`);
  const { chainId, rpcPort, beaconPort, blockTime, finalityLag, seed, gloasEpoch, hezeEpoch, ...sizes } = parsed.data;
  const first = FIRST_BLOCKS + (finalityLag === "manual" ? 0 : finalityLag);
  const network: Network = {
    chainId,
    seed,
    genesisTime: Math.floor(Date.now() / 1000) - first,
    secondsPerSlot: 1,
    gloasEpoch,
    hezeEpoch,
    ...sizes,
    genesisValidatorsRoot: derive({ chainId, seed }, "genesis validators root"),
  };
  if (!areForksInOrder(network))
    throw new CausewayError("INVALID_ARGUMENT", "development chain: a fork begins before the one it follows");
  const anvil = await startAnvil({ chainId, port: rpcPort ?? 0, genesisTime: network.genesisTime });
  const control = new DevControl(new BeaconChain(network, finalityLag), anvil.rpcUrl);
  const closers = [() => anvil.stop(), () => control.close()];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    await control.start(first, blockTime, FIRST_BLOCKS - 1);
    const api = await startBeaconApi(control, beaconPort ?? 0);
    closers.push(() => api.close());
    let stopped: Promise<void> | undefined;
    return {
      chainId,
      rpcUrl: anvil.rpcUrl,
      beaconUrl: api.url,
      get network() {
        return control.chain.network;
      },
      control,
      pid: anvil.pid,
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
