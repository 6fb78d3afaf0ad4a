// The verifier of CometBFT chains on one core: headers of 150 validators, and the ICS-23 proofs of 50 packets under one root proof.
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { envelope, ENVELOPE_VERSION } from "#adapters/protocol/envelope.ts";
import type { VerifyInput } from "#adapters/protocol/verdict.ts";
import { GENESIS_SECONDS, hubMembers, makeMembers, makeState, makeUpdate } from "#test/support/comet-evidence.ts";
import type { Member } from "#test/support/comet-evidence.ts";
import { encodeProof, makeCosmosState } from "#test/support/cosmos-store.ts";
import type { Bench, Measurement } from "./bench.ts";
import { measureVerifier } from "./measure-verifier.ts";

function evidence(members: readonly Member[], height: bigint, claimCount: number): VerifyInput {
  const entries = Array.from({ length: 5000 }, (_, index) => ({
    key: new TextEncoder().encode(`client-0/${String(index).padStart(6, "0")}`),
    value: new Uint8Array(32).fill(index),
  }));
  const { appHash, store, rootProof } = makeCosmosState(claimCount === 0 ? entries.slice(0, 1) : entries, 8);
  const update = makeUpdate({ height, trustedHeight: 100n, members, appHash });
  const claims = entries
    .slice(0, claimCount)
    .map(({ key, value }) => ({ membership: 1n, path: key, value, proof: encodeProof(store.prove(key)) }));
  return {
    trusted: encodeTrustedState(makeState([{ height: 100n, members }])),
    now: GENESIS_SECONDS + 3600n,
    envelope: envelope.encode({
      version: ENVELOPE_VERSION,
      sourceChain: "cosmos:causeway-1",
      targetChain: "eip155:2",
      clientId: "comet-0",
      updates: [cometUpdate.encode(update)],
      height,
      rootProof: claimCount === 0 ? new Uint8Array() : encodeProof(rootProof),
      claims,
    }),
  };
}

const verified =
  (members: () => readonly Member[], height: bigint, claimCount = 0) =>
  (): Promise<Measurement> =>
    Promise.resolve(measureVerifier("cosmos", evidence(members(), height, claimCount)));

const equal = (): Member[] =>
  makeMembers(
    "equal",
    Array.from({ length: 150 }, () => 10n),
  );

export const benches: readonly Bench[] = [
  { what: "verify: 150 validators, 25 votes", goal: 60, measure: verified(hubMembers, 101n) },
  { what: "verify: the same, skipping, + 50 ICS-23 proofs", goal: 60, measure: verified(hubMembers, 200n, 50) },
  { what: "verify: 150 equal validators, 101 votes", goal: 60, measure: verified(equal, 101n) },
];
