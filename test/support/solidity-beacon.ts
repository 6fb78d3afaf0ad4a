// Runs the compiled BeaconLightClient in an in-process EVM.
import { createAddressFromString } from "@ethereumjs/util";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { encodeDeployData, encodeFunctionData } from "viem/utils";
import { consensusWord, ringPlace } from "#adapters/evm/verify/consensus-state.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { Fork } from "#adapters/evm/verify/trusted-state.ts";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { toHex } from "#scripts/vectors/vector.ts";
import * as manager from "../../contracts/evm/bindings/AccessManager.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/BeaconLightClient.ts";
import { openInProcessEvm } from "./in-process-evm.ts";
import { createContract, solidityLightClient } from "./solidity-light-client.ts";
import type { SolidityLightClient } from "./solidity-light-client.ts";

export interface SolidityBeacon extends SolidityLightClient {
  /** Replaces the state root it trusts at its newest height. */
  trustRoot(stateRoot: Uint8Array): Promise<void>;
  /** As an admin without delay. Throws when it is refused. */
  addFork(row: Fork): Promise<void>;
}

/** Storage slot of BeaconLightClient's ring. */
const RING_SLOT = 4n;

/** Deploys a client of the canonical trusted state at `now`, Unix seconds. */
export async function deploySolidityBeacon(trusted: Uint8Array, now: bigint): Promise<SolidityBeacon> {
  const chain = await openInProcessEvm();
  const authority = await createContract(chain, encodeDeployData({ ...manager, args: [chain.caller] }), now);
  const code = encodeDeployData({ abi, bytecode, args: [toHex(trusted), authority] });
  const to = await createContract(chain, code, now);
  const client = solidityLightClient(chain, to, now, []);
  return Object.assign(client, {
    async trustRoot(stateRoot: Uint8Array) {
      const state = decodeTrustedState(await client.clientState());
      if (!state) throw new Error("the client's state does not decode");
      const { latestHeight: height, latestTimestamp: timestamp } = state;
      const slot = uint64BigEndian(RING_SLOT + BigInt(ringPlace(height)));
      const word = consensusWord({ height, timestamp, stateRoot });
      const key = concatBytes(new Uint8Array(24), slot);
      await chain.evm.stateManager.putStorage(createAddressFromString(to), key, hexToBytes(word.slice(2)));
      const changed = decodeTrustedState(await client.clientState());
      if (changed?.ring[ringPlace(height)] !== word) throw new Error("the ring is not where it was expected");
    },
    async addFork(row: Fork) {
      const data = encodeFunctionData({ abi, functionName: "addFork", args: [row] });
      const done = await chain.call(to, data, client.now);
      if (done.exceptionError) throw new Error(`the fork is refused: ${toHex(done.returnValue)}`);
    },
  });
}
