// Valid envelopes and reports about an invented CometBFT chain, with everything they can hold: what the property tests damage.
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { cometMisbehaviour, cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { ExpectedBinding } from "#adapters/protocol/binding.ts";
import { envelope, ENVELOPE_VERSION } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import type { MisbehaviourInput, VerifyInput } from "#adapters/protocol/verdict.ts";
import { GENESIS_SECONDS, makeMembers, makeState, makeUpdate } from "./comet-evidence.ts";
import { encodeProof, makeCosmosState } from "./cosmos-store.ts";

const members = makeMembers("", [40n, 25n, 20n, 10n, 5n]);
const successors = makeMembers("", [40n, 25n]).concat(makeMembers("new", [30n, 20n]));

const keyAt = (place: number): Uint8Array => utf8ToBytes(`client-0/${String(place).padStart(2, "0")}`);
const entries = [0, 2, 4, 6, 8, 10, 12].map((place) => ({ key: keyAt(place), value: sha256(keyAt(place)) }));
const application = makeCosmosState(entries);
/** A block later a path has been written. */
const later = makeCosmosState([...entries, { key: keyAt(14), value: sha256(keyAt(14)) }]);
const elsewhere = makeCosmosState(entries.slice(1));

const trusted = encodeTrustedState(
  makeState([
    { height: 90n, members },
    { height: 100n, members, appHash: application.appHash },
  ]),
);
const now = GENESIS_SECONDS + 900n;

type Claim = Envelope["claims"][number];

const present = (place: number, { store } = application): Claim => ({
  membership: 1n,
  path: keyAt(place),
  value: sha256(keyAt(place)),
  proof: encodeProof(store.prove(keyAt(place))),
});
const absent = (path: Uint8Array, { store } = application): Claim => ({
  membership: 0n,
  path,
  value: new Uint8Array(),
  proof: encodeProof(store.prove(path)),
});

export interface ValidEnvelope extends VerifyInput {
  readonly name: string;
  readonly asked: ExpectedBinding;
}

function valid(
  name: string,
  height: bigint,
  updates: readonly CometUpdate[],
  claims: readonly Claim[],
  { rootProof } = application,
): ValidEnvelope {
  const binding = { sourceChain: "cosmos:causeway-1", targetChain: "eip155:2", clientId: "comet-0" };
  const bytes = envelope.encode({
    ...binding,
    version: ENVELOPE_VERSION,
    updates: updates.map((update) => cometUpdate.encode(update)),
    height,
    rootProof: claims.length === 0 ? new Uint8Array() : encodeProof(rootProof),
    claims: [...claims],
  });
  const asked = claims.map(({ membership, path, value }) =>
    membership === 1n ? { kind: "membership" as const, path, value } : { kind: "absence" as const, path },
  );
  return { name, trusted, now, envelope: bytes, asked: { ...binding, claims: asked } };
}

const adjacent = makeUpdate({
  height: 101n,
  trustedHeight: 100n,
  members,
  nextMembers: successors,
  appHash: later.appHash,
});
const skipping = makeUpdate({ height: 110n, trustedHeight: 100n, members: successors, trustedMembers: members });
const onward = makeUpdate({
  height: 130n,
  trustedHeight: 110n,
  members: successors,
  trustedMembers: successors,
  round: 2n,
});

export const validEnvelopes: readonly ValidEnvelope[] = [
  valid(
    "an adjacent update and claims",
    101n,
    [adjacent],
    [present(4, later), absent(keyAt(5), later), absent(keyAt(20), later), present(14, later)],
    later,
  ),
  valid("two updates that skip", 130n, [skipping, onward], []),
  valid("claims at a trusted height", 100n, [], [present(0), absent(utf8ToBytes("client-0")), absent(keyAt(11))]),
];

/** Valid for a light client that trusts another block: nothing in it counts for those of `validEnvelopes`. */
export const foreignEnvelope: ValidEnvelope = valid(
  "from another trusted block",
  105n,
  [makeUpdate({ height: 105n, trustedHeight: 95n, members: successors, appHash: elsewhere.appHash })],
  [present(6, elsewhere), absent(keyAt(7), elsewhere)],
  elsewhere,
);

export interface ValidReport extends MisbehaviourInput {
  readonly name: string;
}

const other = { appHash: new Uint8Array(32).fill(7), isSkipping: true };
const report = (name: string, header1: CometUpdate, header2: CometUpdate): ValidReport => ({
  name,
  trusted,
  now,
  misbehaviour: cometMisbehaviour.encode({ header1, header2 }),
});

export const validReports: readonly ValidReport[] = [
  report("two blocks of one height", skipping, makeUpdate({ height: 110n, trustedHeight: 90n, members, ...other })),
  report(
    "a later height of an earlier time",
    makeUpdate({
      height: 120n,
      trustedHeight: 100n,
      members,
      ...other,
      header: { time: { seconds: GENESIS_SECONDS, nanos: 1n } },
    }),
    skipping,
  ),
];
