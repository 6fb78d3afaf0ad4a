// Runs the compiled BeaconLightClient in an in-process EVM, at a time of the test's choosing, and names its answers.
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import type { ExecResult } from "@ethereumjs/evm";
import { createAddressFromString } from "@ethereumjs/util";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { decodeFunctionResult, encodeDeployData, encodeFunctionData, toFunctionSelector } from "viem/utils";
import type { Hex } from "viem";
import { consensusWord, ringPlace } from "#adapters/evm/verify/consensus-state.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import type { Fork } from "#adapters/evm/verify/trusted-state.ts";
import * as manager from "../../contracts/evm/bindings/AccessManager.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/BeaconLightClient.ts";

export type Refusal = { readonly reason: Reason };
export type UpdateAnswer = { readonly result: "updated" | "noop" | "misbehaviour" } | Refusal;

/** That `path` holds `value`, or nothing when there is none. */
export interface SolidityClaim {
  readonly path: Uint8Array;
  readonly value?: Uint8Array | undefined;
}

/** All messages are packed (adapters/evm/pack). Execution gas of each call is in `gasUsed`. */
export interface SolidityBeacon {
  /** Unix seconds of every following call. */
  now: bigint;
  readonly gasUsed: bigint;
  update(packed: Uint8Array): Promise<UpdateAnswer>;
  reportMisbehaviour(packed: Uint8Array): Promise<{ readonly result: "misbehaviour" } | Refusal>;
  verify(claims: readonly SolidityClaim[], packed: Uint8Array): Promise<{ readonly timestamp: bigint } | Refusal>;
  /** Replaces the state root it trusts at its newest height. */
  trustRoot(stateRoot: Uint8Array): Promise<void>;
  /** Canonical. */
  clientState(): Promise<Uint8Array>;
  status(): Promise<"active" | "frozen" | "expired">;
  /** As an admin without delay. Throws when it is refused. */
  addFork(row: Fork): Promise<void>;
  /** Runs the work on the state as it is, then undoes what it changed. */
  undone<T>(work: () => Promise<T>): Promise<T>;
}

const GAS_LIMIT = 16_777_216n;
/** Storage slot of BeaconLightClient's ring. */
const RING_SLOT = 4n;
const caller = createAddressFromString("0x00000000000000000000000000000000000ca11e");

const selectors = new Map<string, Reason>(
  (Object.keys(reasons) as Reason[]).map((reason) => {
    const name = reason.toLowerCase().replace(/(?:^|_)(?<first>\w)/g, (_, first: string) => first.toUpperCase());
    return [toFunctionSelector(`${name}()`), reason];
  }),
);

const toHex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;
const toBytes = (hex: Hex): Uint8Array => hexToBytes(hex.slice(2));

function refusalOf(result: ExecResult): Refusal | undefined {
  if (!result.exceptionError) return undefined;
  const reason = selectors.get(toHex(result.returnValue));
  if (!reason) throw new Error(`${result.exceptionError.error}: ${toHex(result.returnValue)}`);
  return { reason };
}

/** Deploys a client of the canonical trusted state at `now`, Unix seconds. */
export async function deploySolidityBeacon(trusted: Uint8Array, now: bigint): Promise<SolidityBeacon> {
  const evm = await createEVM({ common: new Common({ chain: Mainnet, hardfork: Hardfork.Osaka }) });
  const block = (timestamp: bigint) => ({
    header: {
      number: 1n,
      coinbase: caller,
      timestamp,
      difficulty: 0n,
      prevRandao: new Uint8Array(32),
      gasLimit: GAS_LIMIT,
      baseFeePerGas: 0n,
      getBlobGasPrice: () => undefined,
    },
  });
  const create = async (data: Hex) => {
    const { execResult, createdAddress } = await evm.runCall({
      caller,
      gasLimit: 10n * GAS_LIMIT,
      data: toBytes(data),
      block: block(now),
    });
    const refused = refusalOf(execResult);
    if (refused) throw new Error(`the client cannot be constructed: ${refused.reason}`);
    if (createdAddress === undefined) throw new Error("nothing was created");
    return createdAddress;
  };
  const authority = await create(encodeDeployData({ ...manager, args: [caller.toString()] }));
  const to = await create(encodeDeployData({ abi, bytecode, args: [toHex(trusted), authority.toString()] }));

  const call = async (data: Hex): Promise<ExecResult> => {
    const { execResult } = await evm.runCall({
      caller,
      to,
      gasLimit: GAS_LIMIT,
      data: toBytes(data),
      block: block(beacon.now),
    });
    beacon.gasUsed = execResult.executionGasUsed;
    return execResult;
  };

  const beacon = {
    now,
    gasUsed: 0n,
    async update(packed: Uint8Array): Promise<UpdateAnswer> {
      const done = await call(encodeFunctionData({ abi, functionName: "update", args: [toHex(packed)] }));
      const refusal = refusalOf(done);
      if (refusal) return refusal;
      const result = decodeFunctionResult({ abi, functionName: "update", data: toHex(done.returnValue) });
      return { result: (["updated", "noop", "misbehaviour"] as const)[result] ?? "noop" };
    },
    async reportMisbehaviour(packed: Uint8Array): Promise<{ readonly result: "misbehaviour" } | Refusal> {
      const data = encodeFunctionData({ abi, functionName: "reportMisbehaviour", args: [toHex(packed)] });
      return refusalOf(await call(data)) ?? { result: "misbehaviour" };
    },
    async verify(claims: readonly SolidityClaim[], packed: Uint8Array) {
      const abiClaims = claims.map(({ path, value }) => ({
        path: toHex(path),
        membership: value !== undefined,
        value: toHex(value ?? new Uint8Array(32)),
      }));
      const args = [[], abiClaims, toHex(packed)] as const;
      const done = await call(encodeFunctionData({ abi, functionName: "verify", args }));
      const refusal = refusalOf(done);
      if (refusal) return refusal;
      return { timestamp: decodeFunctionResult({ abi, functionName: "verify", data: toHex(done.returnValue) }) };
    },
    async trustRoot(stateRoot: Uint8Array) {
      if (!to) throw new Error("the client was not created");
      const state = decodeTrustedState(await beacon.clientState());
      if (!state) throw new Error("the client's state does not decode");
      const { latestHeight: height, latestTimestamp: timestamp } = state;
      const slot = uint64BigEndian(RING_SLOT + BigInt(ringPlace(height)));
      const word = consensusWord({ height, timestamp, stateRoot });
      await evm.stateManager.putStorage(to, concatBytes(new Uint8Array(24), slot), toBytes(word));
      const changed = decodeTrustedState(await beacon.clientState());
      if (changed?.ring[ringPlace(height)] !== word) throw new Error("the ring is not where it was expected");
    },
    async clientState(): Promise<Uint8Array> {
      const done = await call(encodeFunctionData({ abi, functionName: "clientState" }));
      return toBytes(decodeFunctionResult({ abi, functionName: "clientState", data: toHex(done.returnValue) }));
    },
    async status() {
      const done = await call(encodeFunctionData({ abi, functionName: "status" }));
      const status = decodeFunctionResult({ abi, functionName: "status", data: toHex(done.returnValue) });
      return (["active", "frozen", "expired"] as const)[status] ?? "frozen";
    },
    async addFork(row: Fork) {
      const done = await call(encodeFunctionData({ abi, functionName: "addFork", args: [row] }));
      if (done.exceptionError) throw new Error(`the fork is refused: ${toHex(done.returnValue)}`);
    },
    async undone<T>(work: () => Promise<T>): Promise<T> {
      await evm.journal.checkpoint();
      try {
        return await work();
      } finally {
        await evm.journal.revert();
      }
    },
  };
  return beacon;
}
