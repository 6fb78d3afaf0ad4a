// The committed 08-wasm contract as ibc-go calls it, with names for its answers.
import { base64 } from "@scure/base";
import { Any } from "cosmjs-types/google/protobuf/any";
import { ClientState, ConsensusState } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import { z } from "zod";
import { rootProof } from "#adapters/evm/verify/evidence.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { readArtifact } from "#scripts/wasm/artifact.ts";
import type { Refusal, UpdateAnswer } from "./solidity-light-client.ts";
import { wasmVm } from "./wasm-vm.ts";
import type { WasmAnswer, WasmEntry, WasmStorage } from "./wasm-vm.ts";

export interface WasmClaim {
  readonly path: Uint8Array;
  /** Undefined for absence. */
  readonly value: Uint8Array | undefined;
  readonly proof: Uint8Array;
}

/** All evidence is canonical. */
export interface WasmBeacon {
  /** Unix seconds of every following call. */
  now: bigint;
  readonly storage: WasmStorage;
  /** As a transaction with MsgUpdateClient does it, the message's first byte included. */
  updateClient(message: Uint8Array): UpdateAnswer;
  verify(height: bigint, claim: WasmClaim): Refusal | undefined;
  /** Canonical trusted state. */
  clientState(): Uint8Array;
  call(entry: WasmEntry, message: unknown): WasmAnswer;
  /** Runs the work on the state as it is, then undoes what it changed. */
  undone<T>(work: () => T): T;
}

export const checksum = new Uint8Array(32).fill(0xc5);

const vm = wasmVm(readArtifact());
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

const sudoSchema = z.strictObject({
  messages: z.tuple([]),
  attributes: z.tuple([]),
  events: z.tuple([]),
  data: z.string().nullable(),
});

/** The JSON that a call answers with; undefined where it answers with nothing. */
export function answered(entry: WasmEntry, answer: WasmAnswer): unknown {
  if ("error" in answer) throw new Error(answer.error);
  const data = entry === "query" ? z.string().parse(answer.ok) : sudoSchema.parse(answer.ok).data;
  return data === null ? undefined : JSON.parse(text(base64.decode(data)));
}

export function refusalOf(answer: WasmAnswer): Refusal | undefined {
  if ("ok" in answer) return undefined;
  const [name = ""] = answer.error.split(":");
  if (!(name in reasons)) throw new Error(`no reason: ${answer.error}`);
  return { reason: name as Reason };
}

export const heightJson = (height: bigint): string => `{"revision_number":0,"revision_height":${height}}`;

/** As ibc-go marshals it: integers of any size are JSON numbers. */
function claimMessage(height: bigint, { path, value, proof }: WasmClaim): string {
  const fields = `"height":${heightJson(height)},"delay_time_period":0,"delay_block_period":0,"proof":"${base64.encode(proof)}","merkle_path":{"key_path":["${base64.encode(path)}"]}`;
  return value === undefined
    ? `{"verify_non_membership":{${fields}}}`
    : `{"verify_membership":{${fields},"value":"${base64.encode(value)}"}}`;
}

export function storedClientState(storage: WasmStorage, prefix = ""): ClientState {
  const any = Any.decode(storage.get(`${prefix}clientState`) ?? new Uint8Array());
  if (any.typeUrl !== ClientState.typeUrl) throw new Error(`a client state of type ${any.typeUrl}`);
  return ClientState.decode(any.value);
}

/** Unix seconds, as stored in a consensus state. */
export function storedTimestamp(storage: WasmStorage, height: bigint, prefix = ""): bigint | undefined {
  const stored = storage.get(`${prefix}consensusStates/0-${height}`);
  if (stored === undefined) return undefined;
  const { data } = ConsensusState.decode(Any.decode(stored).value);
  return Buffer.from(data).readBigUInt64BE();
}

export function instantiateMessage(trusted: Uint8Array, timestamp: bigint): unknown {
  return {
    client_state: base64.encode(trusted),
    consensus_state: base64.encode(uint64BigEndian(timestamp)),
    checksum: base64.encode(checksum),
  };
}

/** Creates a light client of the canonical trusted state. */
export function deployWasmBeacon(trusted: Uint8Array, now: bigint): WasmBeacon {
  const state = decodeTrustedState(trusted);
  const storage: WasmStorage = new Map();
  const created = vm("instantiate", instantiateMessage(trusted, state?.latestTimestamp ?? 0n), storage, now);
  answered("instantiate", created);

  const beacon: WasmBeacon = {
    now,
    storage,
    call: (entry, message) => vm(entry, message, storage, beacon.now),
    updateClient(message) {
      const client_message = base64.encode(message);
      const verified = beacon.call("query", { verify_client_message: { client_message } });
      const refusal = refusalOf(verified);
      if (refusal) return refusal;
      const checked = beacon.call("query", { check_for_misbehaviour: { client_message } });
      const { found_misbehaviour } = z
        .strictObject({ found_misbehaviour: z.boolean() })
        .parse(answered("query", checked));
      if (found_misbehaviour) {
        answered("sudo", beacon.call("sudo", { update_state_on_misbehaviour: { client_message } }));
        return { result: "misbehaviour" };
      }
      const before = beacon.clientState();
      answered("sudo", beacon.call("sudo", { update_state: { client_message } }));
      return { result: Buffer.compare(before, beacon.clientState()) === 0 ? "noop" : "updated" };
    },
    verify: (height, claim) => refusalOf(beacon.call("sudo", claimMessage(height, claim))),
    clientState: () => storedClientState(storage).data,
    undone(work) {
      const before = new Map(storage);
      try {
        return work();
      } finally {
        storage.clear();
        for (const [key, value] of before) storage.set(key, value);
      }
    },
  };
  return beacon;
}

/** The client message of this kind. */
export const clientMessage = (kind: "update" | "rootProof" | "misbehaviour", evidence: Uint8Array): Uint8Array =>
  Uint8Array.of({ update: 0, rootProof: 1, misbehaviour: 2 }[kind], ...evidence);

/** Height that the canonical root proof is about. */
export function proofHeight(bytes: Uint8Array): bigint {
  const proof = decodeExactly(rootProof, bytes);
  if (proof === undefined) throw new Error("no root proof");
  return proof.height;
}
