// What the Ethereum light client costs: updates, committee rotation, trie proofs.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, encodeDeployData, encodeFunctionData, hexToBytes } from "viem/utils";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import type { UpdateOptions } from "#test/support/beacon-evidence.ts";
import { commitmentSlot } from "#test/support/state-evidence.ts";
import { makeTrie, rlpBytes, rlpOf } from "#test/support/trie.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/BeaconLightClient.ts";
import { openGasChain } from "./gas-chain.ts";
import type { GasChain } from "./gas-chain.ts";
import type { GasHardfork, GasRow } from "./row.ts";
import { sevenNodePath } from "./trie-path.ts";

const PERIOD = 8192n;
const fixture = makeBeaconFixture({ nextCommitteeKnown: true });
const trusted = encodeTrustedState(fixture.trusted);
const start = fixture.trusted.latestSlot;
const nextPeriod = (fixture.trusted.period + 1n) * PERIOD;

const deploy = (chain: GasChain): Promise<`0x${string}`> =>
  chain.deploy(encodeDeployData({ abi, bytecode, args: [bytesToHex(trusted), chain.sender] }));

async function updateGas(hardfork: GasHardfork, options: UpdateOptions): Promise<number> {
  const chain = await openGasChain(hardfork, fixture.timeOf(options.signatureSlot));
  const packed = packBeaconUpdate(beaconUpdate.encode(fixture.makeUpdate(options)), trusted);
  const data = encodeFunctionData({ abi, functionName: "update", args: [bytesToHex(packed)] });
  return chain.send(await deploy(chain), data);
}

const afterFinality = (epochs: bigint): UpdateOptions => ({ signatureSlot: start + (epochs + 2n) * 32n + 1n });
/** 95 % participation, the absentees spread as they come. */
const absent = Array.from({ length: 26 }, (_, index) => (index * 199 + 7) % 512);

const rotated: UpdateOptions = { signatureSlot: nextPeriod + 97n, finalizedSlot: nextPeriod + 32n };

const EMPTY = Uint8Array.of(0x80);

const path = new TextEncoder().encode("client-0\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0001");
const value = keccak_256(path);
const key = keccak_256(commitmentSlot(path, fixture.trusted.commitmentsSlot));
/** That the trie with this root holds `value`, as RLP, under `key`. */
export const sevenNodes = { key, value, ...sevenNodePath(key, value) };

/** What one claim of seven nodes adds to the verification of a proof without claims. */
async function trieGas(hardfork: GasHardfork): Promise<number> {
  const { root: storageRoot, nodes } = sevenNodes;
  const account = rlpOf(EMPTY, EMPTY, rlpBytes(storageRoot), rlpBytes(keccak_256(EMPTY)));
  const accountKey = keccak_256(hexToBytes(fixture.trusted.router));
  const accounts = makeTrie(new Map([[bytesToHex(accountKey).slice(2), account]]));
  const { root: stateRoot } = accounts;
  const accountProof = accounts.proof(accountKey);
  const { startBlock, trusted: state } = makeBeaconFixture({ stateRoot });
  const { number: height, timestamp } = startBlock;
  const chain = await openGasChain(hardfork, timestamp);
  const args = [bytesToHex(encodeTrustedState(state)), chain.sender] as const;
  const client = await chain.deploy(encodeDeployData({ abi, bytecode, args }));
  const root = rootProof.encode({ height, timestamp, stateRoot, accountProof, ancestry: [] });
  const claim = { path: bytesToHex(path), membership: true, value: bytesToHex(value) };
  const run = (claims: readonly (typeof claim)[]): Promise<number> => {
    const proof = packStateProof(
      root,
      claims.map(() => storageProof.encode(nodes)),
    );
    const call = [[], claims, bytesToHex(proof)] as const;
    return chain.execute(client, encodeFunctionData({ abi, functionName: "verify", args: call }));
  };
  return (await run([claim])) - (await run([]));
}

export const rows: readonly GasRow[] = [
  { key: "ethereum.update.512", measure: (hardfork) => updateGas(hardfork, afterFinality(1n)) },
  {
    key: "ethereum.update.486",
    measure: (hardfork) => updateGas(hardfork, { ...afterFinality(1n), absent }),
  },
  {
    // The update that enters the next period and brings the committee after it, against one that does neither.
    key: "ethereum.rotation",
    measure: async (hardfork) =>
      (await updateGas(hardfork, { ...rotated, nextCommittee: true })) - (await updateGas(hardfork, afterFinality(1n))),
  },
  { key: "mpt.7.exec", measure: trieGas },
];
