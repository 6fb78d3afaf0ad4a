// The same envelope judged by the 08-wasm contract, as far as it sees it: updates, root proof and claims, each as ibc-go brings it.
import type { Envelope } from "#adapters/protocol/envelope.ts";
import type { Judgement } from "./agreement.ts";
import { clientMessage, proofHeight } from "./wasm-beacon.ts";
import type { WasmBeacon } from "./wasm-beacon.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Leaves the contract changed: run it inside `client.undone`. */
export function judgeInWasm(client: WasmBeacon, { updates, rootProof, claims }: Envelope, now: bigint): Judgement {
  client.now = now;
  for (const [index, update] of updates.entries()) {
    const answer = client.updateClient(clientMessage("update", update));
    if ("reason" in answer) return { at: `update ${index}`, reason: answer.reason };
    if (answer.result === "misbehaviour") return { at: `update ${index}`, reason: "CONFLICTING_HEADER" };
  }
  const accepted = { state: hex(client.clientState()) };
  if (rootProof.length === 0) return accepted;
  const opened = client.updateClient(clientMessage("rootProof", rootProof));
  if ("reason" in opened) return { at: "root proof", reason: opened.reason };
  const height = proofHeight(rootProof);
  // 08-wasm calls one function for membership, with 32 bytes, and another for absence: there is no other call to make.
  const callable = claims.filter(({ membership, value }) =>
    membership === 1n ? value.length === 32 : membership === 0n,
  );
  for (const [index, { membership, path, value, proof }] of callable.entries()) {
    const refusal = client.verify(height, { path, value: membership === 1n ? value : undefined, proof });
    if (refusal) return { at: `claim ${index}`, reason: refusal.reason };
  }
  if (hex(client.clientState()) !== accepted.state) throw new Error("a state proof changed the trusted state");
  return accepted;
}
