// The 08-wasm contract, written in Rust, gives TypeScript's verdict for the same reason: on every vector, on damaged evidence, and on
// headers and tries of every doubtful form. Whatever comes, it answers: no call traps.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { rlpItem } from "#adapters/evm/verify/rlp.ts";
import { brokenClaim, openStorage } from "#adapters/evm/verify/state-proof.ts";
import { decodeTrustedState, encodeTrustedState, RING_SIZE } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import type { Vector } from "#scripts/vectors/vector.ts";
import { judgeInTypeScript } from "#test/support/agreement.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";
import { putTogether, takeApart } from "#test/support/envelope-tree.ts";
import { mutateBytes, mutateTree, mutation, spliceTree } from "#test/support/mutation.ts";
import { buildTrie, nearlyAccount, nearlyHeader, nearlyTrie, nearlyValue } from "#test/support/odd-rlp.ts";
import { alwaysDrawn, runs } from "#test/support/property-runs.ts";
import { commitmentSlot } from "#test/support/state-evidence.ts";
import { nibblesOf } from "#test/support/trie.ts";
import { foreignEnvelope, validEnvelopes } from "#test/support/valid-envelopes.ts";
import { judgeInWasm } from "#test/support/wasm-agreement.ts";
import { clientMessage, deployWasmBeacon } from "#test/support/wasm-beacon.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));

function decoded(value: Uint8Array): Envelope | undefined {
  try {
    return envelope.decode(value);
  } catch {
    return undefined;
  }
}

type Judged = Exclude<Vector, { asked: unknown }>;
const judged = readBeaconVectors().filter((vector): vector is Judged => !("asked" in vector));
const readable = judged.filter(({ trusted }) => decodeTrustedState(bytes(trusted)) !== undefined);
const visible = readable.filter((vector) => "misbehaviour" in vector || decoded(bytes(vector.envelope)) !== undefined);

test.each(visible)("vector $name", (vector) => {
  const trusted = bytes(vector.trusted);
  const now = BigInt(vector.now);
  const client = deployWasmBeacon(trusted, now);
  if ("misbehaviour" in vector) {
    const report = bytes(vector.misbehaviour);
    const verdict = verifyMisbehaviour({ trusted, misbehaviour: report, now });
    const answer = client.updateClient(clientMessage("misbehaviour", report));
    expect(answer).toEqual(verdict.ok ? { result: "misbehaviour" } : { reason: verdict.reason });
    if (verdict.ok) expect(client.clientState()).toEqual(verdict.trusted);
    return;
  }
  const value = envelope.decode(bytes(vector.envelope));
  expect(judgeInWasm(client, value, now)).toEqual(judgeInTypeScript(trusted, value, now));
});

test.each(judged.filter((vector) => !readable.includes(vector)))(
  "vector $name: no light client is created",
  (vector) => {
    expect(() => deployWasmBeacon(bytes(vector.trusted), BigInt(vector.now))).toThrow("MALFORMED");
  },
);

describe.each(validEnvelopes)("$name", (valid) => {
  const tree = takeApart(valid.envelope);
  const foreign = takeApart(foreignEnvelope.envelope);
  const client = deployWasmBeacon(valid.trusted, valid.now);

  function agrees(damaged: Uint8Array | undefined): void {
    const value = damaged && decoded(damaged);
    fc.pre(value !== undefined);
    const expected = judgeInTypeScript(valid.trusted, value, valid.now);
    expect(client.undone(() => judgeInWasm(client, value, valid.now))).toEqual(expected);
  }

  test("accepted by both, with the same state", () => {
    agrees(valid.envelope);
    expect(judgeInTypeScript(valid.trusted, envelope.decode(valid.envelope), valid.now)).toHaveProperty("state");
  });

  test("fields damaged", () => {
    fc.assert(
      fc.property(mutation, (how) => agrees(putTogether(mutateTree(tree, how)))),
      runs(24),
    );
  });

  test("parts that are valid elsewhere put in place", () => {
    fc.assert(
      fc.property(mutation, ({ descent }) => agrees(putTogether(spliceTree(tree, foreign, descent)))),
      runs(8),
    );
  });

  test("raw bytes damaged", () => {
    fc.assert(
      fc.property(mutation, (how) => agrees(mutateBytes(valid.envelope, how))),
      runs(12),
    );
  });

  test("a damaged trusted state makes no light client, or one that both judge alike", () => {
    const property = fc.property(mutation, (how) => {
      const trusted = mutateBytes(valid.trusted, how);
      if (decodeTrustedState(trusted) === undefined) {
        expect(() => deployWasmBeacon(trusted, valid.now)).toThrow("MALFORMED");
        return;
      }
      const value = envelope.decode(valid.envelope);
      const other = deployWasmBeacon(trusted, valid.now);
      expect(judgeInWasm(other, value, valid.now)).toEqual(judgeInTypeScript(trusted, value, valid.now));
    });
    fc.assert(property, runs(20));
  });
});

const chain = makeBeaconFixture({ committeeSize: 32 });
const trusted = encodeTrustedState(chain.trusted);
const now = chain.timeOf(chain.trusted.latestSlot);
const client = deployWasmBeacon(trusted, now);

const oneClaim = fc.tuple(nearlyTrie(nearlyValue), fc.boolean(), fc.boolean());

/** Outcomes that were met, so that a generator that only makes rubbish is noticed. */
const seen = { headers: new Set<string>(), claims: new Set<string>(), accounts: new Set<string>() };

test("bytes from nowhere get an answer", () => {
  const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 2048 }), (message) => {
    expect(client.updateClient(message)).toEqual({ reason: "MALFORMED" });
  });
  fc.assert(property, runs(150));
});

test("execution headers", () => {
  const update = chain.makeUpdate({ signatureSlot: chain.trusted.latestSlot + 1n });
  const property = fc.property(nearlyHeader, (executionHeader) => {
    fc.pre(executionHeader.length <= 2048);
    const canonical = beaconUpdate.encode({ ...update, executionHeader });
    client.now = chain.timeOf(update.signatureSlot);
    const expected = applyUpdate(chain.trusted, canonical, client.now);
    seen.headers.add(typeof expected === "string" ? expected : "accepted");
    expect(client.updateClient(clientMessage("update", canonical))).toEqual({ reason: expected });
  });
  fc.assert(property, runs(60, alwaysDrawn(fc.tuple(nearlyHeader), 40)));
});

test("tries under a claim", () => {
  const path = Uint8Array.of(1, 2, 3);
  const key = keccak_256(commitmentSlot(path, chain.trusted.commitmentsSlot));
  const height = chain.trusted.latestHeight;
  const place = `storageRoots/${height % BigInt(RING_SIZE)}`;
  client.now = now;
  const property = fc.property(oneClaim, ([trie, isMembership, isHonest]) => {
    const { root, nodes } = buildTrie(trie, nibblesOf(key));
    const content = (rlpItem(trie.value)?.payload ?? trie.value).slice(0, 32);
    const value = new Uint8Array(32);
    value.set(isHonest ? content : [], 32 - content.length);
    const proof = storageProof.encode(nodes);
    const claim = { membership: isMembership ? 1n : 0n, path, value: isMembership ? value : new Uint8Array(), proof };
    const expected = brokenClaim(chain.trusted, root, claim);
    client.storage.set(place, Buffer.concat([uint64BigEndian(height), uint64BigEndian(now), root]));
    const answer = client.verify(height, { path, value: isMembership ? value : undefined, proof });
    seen.claims.add(`${isMembership ? "membership" : "absence"} ${expected ?? "proven"}`);
    expect(answer?.reason).toBe(expected);
  });
  fc.assert(property, runs(200, alwaysDrawn(fc.tuple(oneClaim), 200)));
});

test("tries under a state root", () => {
  const property = fc.property(nearlyTrie(nearlyAccount), (trie) => {
    const { root, nodes } = buildTrie(trie, nibblesOf(keccak_256(Buffer.from(chain.trusted.router.slice(2), "hex"))));
    const anchored = makeBeaconFixture({ committeeSize: 32, stateRoot: root });
    const { number: height, timestamp } = anchored.startBlock;
    const proof = { height, timestamp, stateRoot: root, accountProof: nodes, ancestry: [] };
    const expected = openStorage(anchored.trusted, proof, now);
    const other = deployWasmBeacon(encodeTrustedState(anchored.trusted), now);
    const answer = other.updateClient(clientMessage("rootProof", rootProof.encode(proof)));
    seen.accounts.add(typeof expected === "string" ? expected : "proven");
    expect(answer).toEqual(typeof expected === "string" ? { reason: expected } : { result: "noop" });
  });
  fc.assert(property, runs(30, alwaysDrawn(fc.tuple(nearlyTrie(nearlyAccount)), 30)));
});

test("the generators reach every outcome", () => {
  expect([...seen.headers].sort()).toEqual(["INVALID_EXECUTION_BRANCH", "INVALID_EXECUTION_HEADER"]);
  expect([...seen.claims].sort()).toEqual([
    "absence INVALID_STORAGE_PROOF",
    "absence VALUE_PRESENT",
    "absence proven",
    "membership INVALID_STORAGE_PROOF",
    "membership VALUE_ABSENT",
    "membership VALUE_MISMATCH",
    "membership proven",
  ]);
  expect([...seen.accounts].sort()).toEqual(["INVALID_ACCOUNT_PROOF", "proven"]);
});
