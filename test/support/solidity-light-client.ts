// Calls a light client in an in-process EVM, whatever chain it follows, and names its answers.
import type { ExecResult } from "@ethereumjs/evm";
import { decodeFunctionResult, encodeFunctionData, hexToBytes, toFunctionSelector } from "viem/utils";
import type { Hex } from "viem";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { toHex } from "#scripts/vectors/vector.ts";
import { abi } from "../../contracts/evm/bindings/ILightClient.ts";
import type { InProcessEvm } from "./in-process-evm.ts";

export type Refusal = { readonly reason: Reason };
export type UpdateAnswer = { readonly result: "updated" | "noop" | "misbehaviour" } | Refusal;

/** That `path` holds `value`, or nothing when there is none. */
export interface SolidityClaim {
  readonly path: Uint8Array;
  readonly value?: Uint8Array | undefined;
}

/** All messages are packed (adapters/evm/pack). */
export interface SolidityLightClient {
  /** Unix seconds of every following call. */
  now: bigint;
  update(packed: Uint8Array): Promise<UpdateAnswer>;
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

const selectors = new Map<string, Reason>(
  (Object.keys(reasons) as Reason[]).map((reason) => {
    const name = reason.toLowerCase().replace(/(?:^|_)(?<first>\w)/g, (_, first: string) => first.toUpperCase());
    return [toFunctionSelector(`${name}()`), reason];
  }),
);

/** Throws when a call failed for anything but a reason. */
function refusalOf(result: ExecResult): Refusal | undefined {
  if (!result.exceptionError) return undefined;
  const reason = selectors.get(toHex(result.returnValue));
  if (!reason) throw new Error(`${result.exceptionError.error}: ${toHex(result.returnValue)}`);
  return { reason };
}

/** Throws what the constructor refuses for. */
export async function createContract(chain: InProcessEvm, code: Hex, now?: bigint): Promise<Hex> {
  const created = await chain.deploy(code, now);
  if ("address" in created) return created.address;
  throw new Error(`it cannot be constructed: ${refusalOf(created.refused)?.reason}`);
}

/** @param prefix Of the counterparty's store, without its last element; used where none is given. */
export function solidityLightClient(
  chain: InProcessEvm,
  to: Hex,
  now: bigint,
  prefix: readonly Uint8Array[],
): SolidityLightClient {
  const call = (data: Hex): Promise<ExecResult> => chain.call(to, data, client.now);
  const client: SolidityLightClient = {
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
    async verify(claims, packed, given = prefix) {
      const abiClaims = claims.map(({ path, value }) => ({
        path: toHex(path),
        membership: value !== undefined,
        value: toHex(value ?? new Uint8Array(32)),
      }));
      const args = [given.map(toHex), abiClaims, toHex(packed)] as const;
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
    undone: (work) => chain.undone(work),
  };
  return client;
}
