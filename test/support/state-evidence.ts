// Builds state roots and eth_getProof-like proofs of a packet store inside an invented execution state.
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { MerkleStateManager, getMerkleStateProof } from "@ethereumjs/statemanager";
import { Account, createAddressFromString } from "@ethereumjs/util";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import type { Hex } from "viem";
import type { StorageProof } from "#adapters/evm/verify/evidence.ts";

export interface StateFixture {
  readonly stateRoot: Uint8Array;
  readonly storageRoot: Uint8Array;
  readonly accountProof: Uint8Array[];
  /** Of the commitment under this path, or of its absence. */
  storageProof(path: Uint8Array): Promise<StorageProof>;
}

export interface StateFixtureOptions {
  readonly router: Hex;
  readonly commitmentsSlot: Hex;
  /** 32-byte values; leading zeros are allowed. */
  readonly commitments: readonly { readonly path: Uint8Array; readonly value: Uint8Array }[];
  /** Other accounts and other commitments, to give the tries some depth. */
  readonly otherAccounts?: number;
  readonly otherCommitments?: number;
}

export const commitmentSlot = (path: Uint8Array, commitmentsSlot: Hex): Uint8Array =>
  keccak_256(concatBytes(keccak_256(path), hexToBytes(commitmentsSlot.slice(2))));

export async function makeStateFixture(options: StateFixtureOptions): Promise<StateFixture> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun });
  const state = new MerkleStateManager({ common });
  const router = createAddressFromString(options.router);
  for (let index = 0; index < (options.otherAccounts ?? 200); index++) {
    const address = createAddressFromString(`0x${(0xabc000 + index).toString(16).padStart(40, "0")}`);
    await state.putAccount(address, new Account(1n, BigInt(index)));
  }
  await state.putAccount(router, new Account(1n, 0n));
  for (let index = 0; index < (options.otherCommitments ?? 200); index++)
    await state.putStorage(
      router,
      keccak_256(Uint8Array.of(index & 0xff, index >> 8)),
      keccak_256(Uint8Array.of(index & 0xff)),
    );
  for (const { path, value } of options.commitments) {
    const start = value.findIndex((byte) => byte !== 0);
    await state.putStorage(router, commitmentSlot(path, options.commitmentsSlot), value.slice(start));
  }
  await state.flush();
  const shared = await getMerkleStateProof(state, router, []);
  return {
    stateRoot: await state.getStateRoot(),
    storageRoot: hexToBytes(shared.storageHash.slice(2)),
    accountProof: shared.accountProof.map((node) => hexToBytes(node.slice(2))),
    async storageProof(path) {
      const proof = await getMerkleStateProof(state, router, [commitmentSlot(path, options.commitmentsSlot)]);
      return (proof.storageProof[0]?.proof ?? []).map((node) => hexToBytes(node.slice(2)));
    },
  };
}
