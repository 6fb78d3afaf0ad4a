// The same envelope judged by the TypeScript rules and by the Solidity light client, as far as a contract sees it: its updates,
// its root proof, its claims. What an envelope says of itself never reaches the contract.
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { rootProof } from "#adapters/evm/verify/evidence.ts";
import { brokenClaim, openStorage } from "#adapters/evm/verify/state-proof.ts";
import { decodeTrustedState, encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import type { SolidityBeacon } from "./solidity-beacon.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";

/** The part that was refused, and why; or the canonical state in which everything was accepted. */
export type Judgement = { readonly at: string; readonly reason: Reason } | { readonly state: string };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** A contract takes 32 bytes of value for membership and none for absence: there is no other call to make. */
const callable = ({ claims }: Envelope): Envelope["claims"] =>
  claims.filter(({ membership, value }) => (membership === 1n && value.length === 32) || membership === 0n);

export function judgeInTypeScript(trusted: Uint8Array, envelope: Envelope, now: bigint): Judgement {
  let state = decodeTrustedState(trusted);
  if (state === undefined) throw new Error("agreement is about readable trusted states");
  for (const [index, update] of envelope.updates.entries()) {
    const next = applyUpdate(state, update, now);
    if (typeof next === "string") return { at: `update ${index}`, reason: next };
    state = next;
  }
  const accepted = { state: hex(encodeTrustedState(state)) };
  if (envelope.rootProof.length === 0) return accepted;
  const proof = decodeExactly(rootProof, envelope.rootProof);
  if (proof === undefined) return { at: "root proof", reason: "MALFORMED" };
  const storageRoot = openStorage(state, proof, now);
  if (typeof storageRoot === "string") return { at: "root proof", reason: storageRoot };
  for (const [index, claim] of callable(envelope).entries()) {
    const reason = brokenClaim(state, storageRoot, claim);
    if (reason !== undefined) return { at: `claim ${index}`, reason };
  }
  return accepted;
}

/** Leaves the contract changed: run it inside `client.undone`. */
export async function judgeInSolidity(client: SolidityBeacon, envelope: Envelope, now: bigint): Promise<Judgement> {
  client.now = now;
  for (const [index, update] of envelope.updates.entries()) {
    const answer = await client.update(packBeaconUpdate(update, await client.clientState()));
    if ("reason" in answer) return { at: `update ${index}`, reason: answer.reason };
    if (answer.result === "misbehaviour") return { at: `update ${index}`, reason: "CONFLICTING_HEADER" };
  }
  const accepted = { state: hex(await client.clientState()) };
  if (envelope.rootProof.length === 0) return accepted;
  const claims = callable(envelope).map(({ membership, path, value, proof }) => ({
    path,
    value: membership === 1n ? value : undefined,
    proof,
  }));
  const verify = async (count: number) => {
    const some = claims.slice(0, count);
    const packed = packStateProof(
      envelope.rootProof,
      some.map(({ proof }) => proof),
    );
    return client.verify(some, packed);
  };
  const whole = await verify(claims.length);
  if (!("reason" in whole)) return accepted;
  // The contract does not say which part it refused: it is the one with which the refusal begins.
  for (let count = 0; count <= claims.length; count++) {
    const answer = await verify(count);
    if ("reason" in answer) return { at: count === 0 ? "root proof" : `claim ${count - 1}`, reason: answer.reason };
  }
  throw new Error("the claims together are refused, and one after the other they are not");
}
