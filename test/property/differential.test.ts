// Execution headers and trie nodes of every doubtful form, under hashes that match: both languages read them alike.
import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import { rlpItem } from "#adapters/evm/verify/rlp.ts";
import { brokenClaim, openStorage } from "#adapters/evm/verify/state-proof.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import { buildTrie, nearlyAccount, nearlyHeader, nearlyTrie, nearlyValue } from "#test/support/odd-rlp.ts";
import { alwaysDrawn, runs } from "#test/support/property-runs.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";
import { verifyUnder } from "#test/support/storage-claims.ts";
import { commitmentSlot } from "#test/support/state-evidence.ts";
import { nibblesOf } from "#test/support/trie.ts";

const chain = makeBeaconFixture({ committeeSize: 32 });
const trusted = encodeTrustedState(chain.trusted);
const now = chain.timeOf(chain.trusted.latestSlot);
const client = await deploySolidityBeacon(trusted, now);

const oneClaim = fc.tuple(nearlyTrie(nearlyValue), fc.boolean(), fc.boolean());

/** Outcomes that were met, so that a generator that only makes rubbish is noticed. */
const seen = { headers: new Set<string>(), claims: new Set<string>(), accounts: new Set<string>() };

test("execution headers", async () => {
  const update = chain.makeUpdate({ signatureSlot: chain.trusted.latestSlot + 1n });
  const property = fc.asyncProperty(nearlyHeader, async (executionHeader) => {
    fc.pre(executionHeader.length <= 2048);
    const canonical = beaconUpdate.encode({ ...update, executionHeader });
    client.now = chain.timeOf(update.signatureSlot);
    const answer = await client.undone(() => client.update(packBeaconUpdate(canonical, trusted)));
    const expected = applyUpdate(chain.trusted, canonical, client.now);
    seen.headers.add(typeof expected === "string" ? expected : "accepted");
    expect(answer).toEqual({ reason: expected });
  });
  await fc.assert(property, runs(150, alwaysDrawn(fc.tuple(nearlyHeader), 50)));
});

test("tries under a claim", async () => {
  const path = Uint8Array.of(1, 2, 3);
  const key = keccak_256(commitmentSlot(path, chain.trusted.commitmentsSlot));
  const property = fc.asyncProperty(oneClaim, async ([trie, isMembership, isHonest]) => {
    const { root, nodes } = buildTrie(trie, nibblesOf(key));
    const content = (rlpItem(trie.value)?.payload ?? trie.value).slice(0, 32);
    const value = new Uint8Array(32);
    value.set(isHonest ? content : [], 32 - content.length);
    const proof = storageProof.encode(nodes);
    const claim = { membership: isMembership ? 1n : 0n, path, value: isMembership ? value : new Uint8Array(), proof };
    const expected = brokenClaim(chain.trusted, root, claim);
    const claims = [{ path, value: isMembership ? value : undefined, proof }];
    const answer = await client.undone(() => verifyUnder(client, chain.trusted, root, claims));
    seen.claims.add(`${isMembership ? "membership" : "absence"} ${expected ?? "proven"}`);
    expect(answer?.reason).toBe(expected);
  });
  await fc.assert(property, runs(400, alwaysDrawn(fc.tuple(oneClaim), 200)));
});

test("tries under a state root", async () => {
  const property = fc.asyncProperty(nearlyTrie(nearlyAccount), async (trie) => {
    const { root, nodes } = buildTrie(trie, nibblesOf(keccak_256(Buffer.from(chain.trusted.router.slice(2), "hex"))));
    const anchored = makeBeaconFixture({ committeeSize: 32, stateRoot: root });
    const { number: height, timestamp } = anchored.startBlock;
    const proof = { height, timestamp, stateRoot: root, accountProof: nodes, ancestry: [] };
    const expected = openStorage(anchored.trusted, proof, now);
    const answer = await client.undone(async () => {
      await client.trustRoot(root);
      return client.verify([], packStateProof(rootProof.encode(proof), []));
    });
    seen.accounts.add(typeof expected === "string" ? expected : "proven");
    expect(answer).toEqual(typeof expected === "string" ? { reason: expected } : { timestamp });
  });
  await fc.assert(property, runs(30, alwaysDrawn(fc.tuple(nearlyTrie(nearlyAccount)), 30)));
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
