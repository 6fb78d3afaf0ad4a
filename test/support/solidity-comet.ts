// Runs the compiled CometLightClient in an in-process EVM, at a time of the test's choosing, and names its answers.
import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { createEVM } from "@ethereumjs/evm";
import type { ExecResult } from "@ethereumjs/evm";
import { createAddressFromString } from "@ethereumjs/util";
import { decodeFunctionResult, encodeDeployData, encodeFunctionData, hexToBytes, toFunctionSelector } from "viem/utils";
import type { Hex } from "viem";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { toHex } from "#scripts/vectors/vector.ts";
import { abi, bytecode } from "../../contracts/evm/bindings/CometLightClient.ts";
import * as verifier from "../../contracts/evm/bindings/Ed25519Verifier.ts";
import type { Refusal, SolidityClaim } from "./solidity-beacon.ts";

/** All messages are packed (adapters/evm/pack). */
export interface SolidityComet {
  /** Unix seconds of every following call. */
  now: bigint;
  update(packed: Uint8Array): Promise<{ readonly result: "updated" | "noop" | "misbehaviour" } | Refusal>;
  reportMisbehaviour(packed: Uint8Array): Promise<{ readonly result: "misbehaviour" } | Refusal>;
  verify(
    claims: readonly SolidityClaim[],
    packed: Uint8Array,
    prefix?: readonly Uint8Array[],
  ): Promise<{ readonly timestamp: bigint } | Refusal>;
  /** Canonical. */
  clientState(): Promise<Uint8Array>;
  status(): Promise<"active" | "frozen" | "expired">;
  /** Runs the work on the state as it is, then undoes what it changed. */
  undone<T>(work: () => Promise<T>): Promise<T>;
}

const GAS_LIMIT = 16_777_216n;
const STORE = new TextEncoder().encode("ibc");
const caller = createAddressFromString("0x00000000000000000000000000000000000ca11e");

const selectors = new Map<string, Reason>(
  (Object.keys(reasons) as Reason[]).map((reason) => {
    const name = reason.toLowerCase().replace(/(?:^|_)(?<first>\w)/g, (_, first: string) => first.toUpperCase());
    return [toFunctionSelector(`${name}()`), reason];
  }),
);

function refusalOf(result: ExecResult): Refusal | undefined {
  if (!result.exceptionError) return undefined;
  const reason = selectors.get(toHex(result.returnValue));
  if (!reason) throw new Error(`${result.exceptionError.error}: ${toHex(result.returnValue)}`);
  return { reason };
}

/** An EVM with a verifier of signatures; light clients of canonical trusted states are deployed in it. */
export async function openSolidityComet(): Promise<(trusted: Uint8Array, now: bigint) => Promise<SolidityComet>> {
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
    const done = await evm.runCall({ caller, gasLimit: GAS_LIMIT, data: hexToBytes(data), block: block(1n) });
    const refused = refusalOf(done.execResult);
    if (refused || !done.createdAddress) throw new Error(`not created: ${refused?.reason}`);
    return done.createdAddress;
  };
  const ed25519 = await create(verifier.bytecode);

  return async (trusted, now) => {
    const args = [toHex(trusted), ed25519.toString()] as const;
    const to = await create(encodeDeployData({ abi, bytecode, args }));
    const call = async (data: Hex): Promise<ExecResult> => {
      const input = { caller, to, gasLimit: GAS_LIMIT, data: hexToBytes(data), block: block(comet.now) };
      return (await evm.runCall(input)).execResult;
    };
    const comet: SolidityComet = {
      now,
      async update(packed) {
        const done = await call(encodeFunctionData({ abi, functionName: "update", args: [toHex(packed)] }));
        const refusal = refusalOf(done);
        if (refusal) return refusal;
        const result = decodeFunctionResult({ abi, functionName: "update", data: toHex(done.returnValue) });
        return { result: (["updated", "noop", "misbehaviour"] as const)[result] ?? "noop" };
      },
      async reportMisbehaviour(packed) {
        const data = encodeFunctionData({ abi, functionName: "reportMisbehaviour", args: [toHex(packed)] });
        return refusalOf(await call(data)) ?? { result: "misbehaviour" };
      },
      async verify(claims, packed, prefix = [STORE]) {
        const abiClaims = claims.map(({ path, value }) => ({
          path: toHex(path),
          membership: value !== undefined,
          value: toHex(value ?? new Uint8Array(32)),
        }));
        const args = [prefix.map(toHex), abiClaims, toHex(packed)] as const;
        const done = await call(encodeFunctionData({ abi, functionName: "verify", args }));
        const refusal = refusalOf(done);
        if (refusal) return refusal;
        return { timestamp: decodeFunctionResult({ abi, functionName: "verify", data: toHex(done.returnValue) }) };
      },
      async clientState() {
        const done = await call(encodeFunctionData({ abi, functionName: "clientState" }));
        return hexToBytes(decodeFunctionResult({ abi, functionName: "clientState", data: toHex(done.returnValue) }));
      },
      async status() {
        const done = await call(encodeFunctionData({ abi, functionName: "status" }));
        const status = decodeFunctionResult({ abi, functionName: "status", data: toHex(done.returnValue) });
        return (["active", "frozen", "expired"] as const)[status] ?? "frozen";
      },
      async undone(work) {
        await evm.journal.checkpoint();
        try {
          return await work();
        } finally {
          await evm.journal.revert();
        }
      },
    };
    return comet;
  };
}
