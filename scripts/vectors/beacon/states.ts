// Vectors: membership and absence proofs at a trusted height, and the envelope around them.
import { rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import type { Ancestry, RootProof } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import {
  absence,
  absentPath,
  claimsVector,
  emptyEnvelope,
  emptyExecution,
  envelopeVector,
  execution,
  makeChain,
  membership,
  moved,
  rawEnvelopeVector,
  rootProofAt,
  store,
} from "./chain.ts";
import { executionHeaderRlp } from "#test/support/beacon-evidence.ts";
import type { ExecutionBlock } from "#test/support/beacon-evidence.ts";
import { makeHistory } from "#test/support/history-evidence.ts";
import { toHex } from "../vector.ts";
import type { Vector } from "../vector.ts";

const chain = makeChain();
const now = chain.timeOf(210n);
const root = rootProofAt(chain.startBlock);
const first = await membership(store.first);
const second = await membership(store.second);
const missing = await absence(absentPath);
const nodes = await execution.storageProof(store.first.path);

interface Given {
  readonly state?: BeaconState;
  readonly now?: bigint;
  readonly root?: RootProof;
}

const proven = (name: string, why: string, claims: readonly EnvelopeClaim[]): Vector =>
  claimsVector(
    { name, why, state: chain.trusted, now, expect: { state: chain.trusted, block: chain.startBlock } },
    root,
    claims,
  );

const refused = (
  expect: Reason,
  name: string,
  why: string,
  claims: readonly EnvelopeClaim[],
  given: Given = {},
): Vector =>
  claimsVector(
    { name, why, state: given.state ?? chain.trusted, now: given.now ?? now, expect },
    given.root ?? root,
    claims,
  );

const withNodes = (claim: EnvelopeClaim, proof: readonly Uint8Array[]): EnvelopeClaim => ({
  ...claim,
  proof: storageProof.encode([...proof]),
});

const empty = makeChain({ stateRoot: emptyExecution.stateRoot });
const emptyRoot: RootProof = { ...rootProofAt(empty.startBlock), accountProof: emptyExecution.accountProof };

const accepted = async (): Promise<Vector[]> => [
  proven("membership", "a stored value", [first]),
  proven("membership-and-absence", "several claims under one root proof", [first, missing, second]),
  proven("membership-leading-zeros", "a value is stored without its leading zeros", [await membership(store.short)]),
  proven("absence", "a path that was never written", [missing]),
  claimsVector(
    {
      name: "absence-in-empty-store",
      why: "under the empty trie's root an empty list proves absence",
      state: empty.trusted,
      now,
      expect: { state: empty.trusted, block: empty.startBlock },
    },
    emptyRoot,
    [withNodes(missing, [])],
  ),
];

const shapes = (): Vector[] => {
  const good: Envelope = { ...emptyEnvelope, height: root.height, rootProof: rootProof.encode(root), claims: [first] };
  const bytes = envelope.encode(good);
  const one = (name: string, why: string, expect: Reason = "MALFORMED") => ({
    name,
    why,
    state: chain.trusted,
    now,
    expect,
  });
  return [
    rawEnvelopeVector(
      one("malformed-trailing-byte", "nothing follows the envelope"),
      Uint8Array.of(...envelope.encode({ ...good, claims: [] }), 0),
    ),
    rawEnvelopeVector(one("malformed-truncated", "the second half is missing"), bytes.subarray(0, bytes.length / 2)),
    rawEnvelopeVector(
      one("storage-proof-trailing-byte", "a byte more belongs to the last node", "INVALID_STORAGE_PROOF"),
      Uint8Array.of(...bytes, 0),
    ),
    rawEnvelopeVector(
      one("storage-proof-truncated", "a byte less is missing from the last node", "INVALID_STORAGE_PROOF"),
      bytes.subarray(0, -1),
    ),
    rawEnvelopeVector(one("malformed-empty", "no bytes at all"), new Uint8Array()),
    envelopeVector(one("malformed-version", "a version that does not exist yet"), { ...good, version: 2n }),
    envelopeVector(one("malformed-no-root-proof", "claims need a root proof"), {
      ...good,
      rootProof: new Uint8Array(),
    }),
    envelopeVector(one("malformed-short-value", "a membership value has 32 bytes"), {
      ...good,
      claims: [{ ...first, value: first.value.slice(1) }],
    }),
    envelopeVector(one("malformed-absence-with-value", "absence claims no value"), {
      ...good,
      claims: [{ ...missing, value: first.value }],
    }),
    envelopeVector(one("malformed-membership-flag", "membership is 0 or 1"), {
      ...good,
      claims: [{ ...first, membership: 2n }],
    }),
    envelopeVector(one("malformed-storage-proof", "a proof that does not decode"), {
      ...good,
      claims: [{ ...first, proof: Uint8Array.of(1, 2, 3) }],
    }),
    {
      ...envelopeVector(one("malformed-trusted-state", "the trusted state is canonical, too"), good),
      trusted: toHex(Uint8Array.of(...encodeTrustedState(chain.trusted), 0)),
    },
    envelopeVector(one("wrong-source-chain", "proofs about another chain", "WRONG_CHAIN"), {
      ...good,
      sourceChain: "eip155:10",
    }),
    envelopeVector(one("envelope-height-differs", "the envelope's height is its root proof's", "UNKNOWN_HEIGHT"), {
      ...good,
      height: root.height + 1n,
    }),
    envelopeVector(one("updates-only-wrong-height", "without claims: the newest trusted height", "UNKNOWN_HEIGHT"), {
      height: root.height - 1n,
    }),
  ];
};

const roots = (): Vector[] => [
  refused("CLIENT_FROZEN", "frozen-claims", "a frozen light client proves nothing", [first], {
    state: { ...chain.trusted, frozen: true },
  }),
  refused("CLIENT_EXPIRED", "expired-claims", "an expired light client proves nothing", [first], {
    now: chain.startBlock.timestamp + chain.trusted.trustingPeriod + 1n,
  }),
  refused("UNKNOWN_HEIGHT", "height-never-trusted", "no header was accepted at this height", [first], {
    root: { ...root, height: root.height + 1n },
  }),
  refused("UNKNOWN_HEIGHT", "height-with-another-time", "the timestamp is part of what is trusted", [first], {
    root: { ...root, timestamp: root.timestamp + 1n },
  }),
  refused("UNKNOWN_HEIGHT", "height-with-zero-root", "a zero root is trusted nowhere", [first], {
    root: { ...root, stateRoot: new Uint8Array(32) },
  }),
  refused("UNKNOWN_HEIGHT", "height-zero-in-empty-place", "an empty place in the ring is no trusted zero", [first], {
    root: { height: 0n, timestamp: 0n, stateRoot: new Uint8Array(32), accountProof: root.accountProof, ancestry: [] },
  }),
  refused("UNKNOWN_HEIGHT", "height-replaced-in-ring", "a height 61 above has taken the place", [first], {
    state: moved(chain.trusted, { ...chain.startBlock, number: root.height + 61n }, 269n),
  }),
  refused("INVALID_ACCOUNT_PROOF", "account-node-missing", "the last node is left out", [first], {
    root: { ...root, accountProof: root.accountProof.slice(0, -1) },
  }),
  refused("INVALID_ACCOUNT_PROOF", "account-node-too-many", "a node is left over", [first], {
    root: { ...root, accountProof: [...root.accountProof, ...root.accountProof.slice(-1)] },
  }),
  refused("INVALID_ACCOUNT_PROOF", "account-proof-empty", "no proof is no proof", [first], {
    root: { ...root, accountProof: [] },
  }),
  refused("INVALID_ACCOUNT_PROOF", "account-of-another-contract", "the packet store is one contract only", [first], {
    state: { ...chain.trusted, router: "0x00000000000000000000000000000000000abc01" },
  }),
];

/** The store's state is that of a block before the trusted one. */
const older: ExecutionBlock = { ...chain.blockOf(150n), stateRoot: execution.stateRoot };
const history = makeHistory(older);
const later = makeChain({ stateRoot: history.stateRoot });
const ancestry: Ancestry = { ...history, height: later.startBlock.number, timestamp: later.startBlock.timestamp };
const olderRoot: RootProof = { ...rootProofAt(older), ancestry: [ancestry] };
/** The trusted block at another height, in a ring that holds it. */
const at = (height: bigint): Given => {
  const block = { ...later.startBlock, number: height };
  return { state: moved(later.trusted, block, 209n), root: { ...olderRoot, ancestry: [{ ...ancestry, height }] } };
};

const ancestries = (): Vector[] => {
  const proven = (name: string, why: string, { state = later.trusted, root: proof = olderRoot }: Given = {}): Vector =>
    claimsVector({ name, why, state, now, expect: { state, block: older } }, proof, [first, missing]);
  const refusedWith = (name: string, why: string, changed: Partial<Ancestry>, root: Partial<RootProof> = {}): Vector =>
    refused("INVALID_ANCESTRY", name, why, [first], {
      state: later.trusted,
      root: { ...olderRoot, ...root, ancestry: [{ ...ancestry, ...changed }] },
    });
  const forgotten = makeHistory(older, new Uint8Array(32).fill(7));
  const elsewhere = makeHistory({ ...older, number: older.number - 1n });
  return [
    proven("ancestry", "an older block that a trusted one knows by hash"),
    proven("ancestry-oldest", "8191 blocks back is as far as it goes", at(older.number + 8191n)),
    refused("INVALID_ANCESTRY", "ancestry-too-old", "one block further back", [first], at(older.number + 8192n)),
    refused("INVALID_ANCESTRY", "ancestry-of-itself", "a block is no ancestor of its own", [first], at(older.number)),
    refused(
      "INVALID_ANCESTRY",
      "ancestry-of-the-future",
      "a block above the trusted one",
      [first],
      at(older.number - 1n),
    ),
    refused("UNKNOWN_HEIGHT", "ancestry-under-untrusted", "the later block has to be trusted", [first], {
      state: chain.trusted,
      root: olderRoot,
    }),
    refused("INVALID_ANCESTRY", "ancestry-hash-of-another-block", "the contract keeps another hash there", [first], {
      state: makeChain({ stateRoot: forgotten.stateRoot }).trusted,
      root: { ...olderRoot, ancestry: [{ ...ancestry, ...forgotten }] },
    }),
    refused("INVALID_ANCESTRY", "ancestry-of-another-height", "the hash of the block before it", [first], {
      state: makeChain({ stateRoot: elsewhere.stateRoot }).trusted,
      root: { ...olderRoot, ancestry: [{ ...ancestry, ...elsewhere }] },
    }),
    refusedWith("ancestry-no-account-proof", "no proof is no proof", { accountProof: [] }),
    refusedWith("ancestry-no-storage-proof", "no proof is no proof", { storageProof: [] }),
    refusedWith("ancestry-storage-node-missing", "a hash is not absent because its leaf is left out", {
      storageProof: history.storageProof.slice(0, -1),
    }),
    refusedWith("ancestry-account-of-the-store", "the packet store keeps no history", {
      accountProof: execution.accountProof,
    }),
    refusedWith("ancestry-header-altered", "the header is the one that was hashed", {
      executionHeader: executionHeaderRlp({ ...older, timestamp: older.timestamp + 1n }),
    }),
    refusedWith("ancestry-header-empty", "a header is needed", { executionHeader: new Uint8Array() }),
    refusedWith("ancestry-another-time", "the time is the header's", {}, { timestamp: older.timestamp + 1n }),
    refusedWith("ancestry-another-root", "the state root is the header's", {}, { stateRoot: history.stateRoot }),
  ];
};

const claims = (): Vector[] => [
  refused("INVALID_STORAGE_PROOF", "storage-proof-empty", "an empty proof proves nothing", [withNodes(first, [])]),
  refused("INVALID_STORAGE_PROOF", "absence-proof-empty", "an empty proof is no proof of absence", [
    withNodes(missing, []),
  ]),
  refused("INVALID_STORAGE_PROOF", "storage-node-missing", "the last node is left out", [
    withNodes(first, nodes.slice(0, -1)),
  ]),
  refused(
    "INVALID_STORAGE_PROOF",
    "absence-by-truncation",
    "a stored path is not absent because its leaf is left out",
    [withNodes({ ...first, membership: 0n, value: new Uint8Array() }, nodes.slice(0, -1))],
  ),
  refused("INVALID_STORAGE_PROOF", "storage-node-too-many", "a node is left over", [
    withNodes(first, [...nodes, ...nodes.slice(-1)]),
  ]),
  refused("INVALID_STORAGE_PROOF", "storage-nodes-reversed", "nodes go from the root to the leaf", [
    withNodes(first, nodes.toReversed()),
  ]),
  refused("INVALID_STORAGE_PROOF", "storage-node-altered", "one bit of the leaf", [
    withNodes(
      first,
      nodes.map((node, at) => (at === nodes.length - 1 ? node.map((b, i) => (i === 9 ? b ^ 1 : b)) : node)),
    ),
  ]),
  refused("INVALID_STORAGE_PROOF", "storage-sibling-altered", "one bit of a sibling the path does not enter", [
    withNodes(
      first,
      nodes.map((node, at) => (at === 0 ? node.map((byte, index) => (index === 8 ? byte ^ 1 : byte)) : node)),
    ),
  ]),
  refused("INVALID_STORAGE_PROOF", "storage-proof-of-another-path", "the nodes lead along another path", [
    { ...first, path: store.second.path },
  ]),
  refused("VALUE_ABSENT", "value-absent", "a value is claimed where there is none", [
    { ...missing, membership: 1n, value: store.first.value },
  ]),
  refused("VALUE_ABSENT", "zero-value-is-absence", "zero is not stored, so it cannot be a member", [
    { ...missing, membership: 1n, value: new Uint8Array(32) },
  ]),
  refused("VALUE_PRESENT", "value-present", "absence is claimed where a value is", [
    { ...first, membership: 0n, value: new Uint8Array() },
  ]),
  refused("VALUE_MISMATCH", "value-mismatch", "another value is stored", [{ ...first, value: store.second.value }]),
  refused("VALUE_MISMATCH", "second-claim-mismatch", "every claim is judged, not only the first", [
    first,
    { ...second, value: store.first.value },
  ]),
];

export const stateVectors = async (): Promise<Vector[]> => [
  ...(await accepted()),
  ...shapes(),
  ...roots(),
  ...ancestries(),
  ...claims(),
];
