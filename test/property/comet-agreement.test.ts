// TypeScript and Solidity give the same verdict for the same reason on damaged evidence about a CometBFT chain, and no damage to
// what the contract is called with makes it believe anything else.
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { cometUpdate, commitmentProof } from "#adapters/cosmos/verify/evidence.ts";
import { verifyComet } from "#adapters/cosmos/verify/verify.ts";
import { verifyMisbehaviour } from "#adapters/cosmos/verify/misbehaviour.ts";
import { packCometProof } from "#adapters/evm/pack/comet-proof.ts";
import { packCometMisbehaviour, packCometUpdate } from "#adapters/evm/pack/comet-update.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { ProtobufError } from "#adapters/protocol/protobuf.ts";
import { stateHash } from "#scripts/vectors/vector.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foreignEnvelope, validEnvelopes, validReports } from "#test/support/comet-envelopes.ts";
import { evidenceFieldsOf } from "#test/support/comet-fields.ts";
import { putReportTogether, putTogether, takeApart, takeReportApart } from "#test/support/comet-tree.ts";
import { firstDamage, mutateBytes, mutateField, mutateTree, mutation, spliceTree } from "#test/support/mutation.ts";
import { runs } from "#test/support/property-runs.ts";
import { openSolidityComet } from "#test/support/solidity-comet.ts";
import type { SolidityClaim, SolidityLightClient } from "#test/support/solidity-light-client.ts";

const open = await openSolidityComet();
/** The latest height that the light clients of all envelopes hold. */
const TRUSTED = 100n;

/** Undefined when the packing cannot carry it. */
function packed<T>(pack: () => T): T | undefined {
  try {
    return pack();
  } catch (error) {
    if (isCausewayError(error) || error instanceof ProtobufError) return undefined;
    throw error;
  }
}

const asked = ({ claims }: Envelope): SolidityClaim[] =>
  claims.map(({ path, membership, value }) => ({ path, value: membership === 1n ? value : undefined }));

const proofOf = ({ height, rootProof, claims }: Envelope): Uint8Array =>
  packCometProof(
    height,
    rootProof,
    claims.map(({ proof }) => proof),
  );

/** All that a contract is told of an envelope. */
const toldOf = (value: Envelope): string | undefined =>
  packed(() => {
    const [updates, proof] = [value.updates.map(packCometUpdate), value.claims.length > 0 ? proofOf(value) : []];
    const hexOf = (bytes: Uint8Array | readonly number[] = []): string => Buffer.from(bytes).toString("hex");
    const claims = asked(value).map(({ path, value: of }) => [hexOf(path), of && hexOf(of)]);
    return JSON.stringify([updates.map(hexOf), hexOf(proof), claims]);
  });

async function judge(client: SolidityLightClient, value: Envelope): Promise<string> {
  for (const update of value.updates) {
    const message = packed(() => packCometUpdate(update));
    if (!message) return "unpackable";
    const answer = await client.update(message);
    if ("reason" in answer) return answer.reason;
    if (answer.result === "misbehaviour") return "CONFLICTING_HEADER";
  }
  if (value.claims.length > 0) {
    const proof = packed(() => proofOf(value));
    if (!proof) return "unpackable";
    const answer = await client.verify(asked(value), proof);
    if ("reason" in answer) return answer.reason;
  }
  return stateHash(await client.clientState());
}

/** A contract is asked for a value of 32 bytes or for none; the packing has the path that is asked for in place of a proof's own key. */
const isCallable = ({ claims }: Envelope): boolean =>
  claims.every(({ membership, path, value, proof }) => {
    if (membership === 1n ? value.length !== 32 : membership !== 0n || value.length > 0) return false;
    const decoded = packed(() => commitmentProof.decode(proof));
    return decoded !== undefined && equalBytes(decoded.exist?.key ?? decoded.nonexist?.key ?? path, path);
  });

/** Without claims, an envelope is of the latest height; a contract is not told. */
function atItsHeight(value: Envelope): Envelope {
  if (value.claims.length > 0) return value;
  const heights = value.updates.map((update) => packed(() => cometUpdate.decode(update))?.signedHeader?.header?.height);
  return { ...value, height: heights.reduce<bigint>((most, one = 0n) => (one > most ? one : most), TRUSTED) };
}

const seen = new Map<string, number>();

describe.each(validEnvelopes)("$name", async (valid) => {
  const tree = takeApart(valid.envelope);
  const foreign = takeApart(foreignEnvelope.envelope);
  const client = await open(valid.trusted, valid.now);
  const whole = envelope.decode(valid.envelope);

  async function agrees(damaged: Uint8Array | undefined): Promise<void> {
    fc.pre(damaged !== undefined);
    const value = atItsHeight(envelope.decode(damaged));
    // Of a damaged path hardly any is left: the proof has the other one.
    if (!isCallable(value)) return;
    const verdict = verifyComet({ trusted: valid.trusted, envelope: envelope.encode(value), now: valid.now });
    const actual = await client.undone(() => judge(client, value));
    const expected = verdict.ok ? stateHash(verdict.trusted) : verdict.reason;
    seen.set(expected, (seen.get(expected) ?? 0) + 1);
    if (verdict.ok) expect(actual).toBe(expected);
    // The form of canonical bytes, and what two neighbours have both: most of it the packing leaves out.
    else if (expected !== "MALFORMED" && actual !== "unpackable" && toldOf(value) !== toldOf(whole))
      expect(actual).toBe(expected);
  }

  test("accepted by both, with the same state", async () => {
    await agrees(valid.envelope);
    expect(seen.size).toBeGreaterThan(0);
  });

  test.each(evidenceFieldsOf(tree))("%s damaged", async (field) => {
    const property = fc.asyncProperty(mutation, (how) => agrees(putTogether(mutateField(tree, field.split("."), how))));
    await fc.assert(property, runs(2, [[firstDamage]]));
  });

  test("parts that are valid elsewhere put in place", async () => {
    const property = fc.asyncProperty(mutation, ({ descent }) => {
      const { updates, claims, rootProof } = spliceTree(tree, foreign, descent) as typeof tree &
        Record<string, typeof tree>;
      const parts = { ...(tree as Record<string, typeof tree>), updates, claims, ...(rootProof && { rootProof }) };
      return agrees(putTogether(parts as typeof tree));
    });
    await fc.assert(property, runs(12));
  });

  test("damaged packings of updates are refused, or change nothing", async () => {
    const [update] = whole.updates;
    if (update === undefined) return;
    const message = packCometUpdate(update);
    const property = fc.asyncProperty(mutation, async (how) => {
      const damaged = mutateBytes(message, how);
      fc.pre(!equalBytes(damaged, message));
      const answer = await client.undone(() => client.update(damaged));
      expect(answer).toHaveProperty("reason");
    });
    await fc.assert(property, runs(40));
  });

  test("damaged packings of state proofs are refused", async () => {
    if (whole.claims.length === 0) return;
    await client.undone(async () => {
      for (const update of whole.updates) await client.update(packCometUpdate(update));
      const proof = proofOf(whole);
      expect(await client.verify(asked(whole), proof)).toHaveProperty("timestamp");
      const property = fc.asyncProperty(mutation, async (how) => {
        const damaged = mutateBytes(proof, how);
        fc.pre(!equalBytes(damaged, proof));
        expect(await client.verify(asked(whole), damaged)).toHaveProperty("reason");
      });
      await fc.assert(property, runs(120));
      for (const [index, { value }] of asked(whole).entries())
        if (value !== undefined) {
          const others = asked(whole).map((one, at) => (at === index ? { ...one, value: value.toReversed() } : one));
          expect(await client.verify(others, proof)).toEqual({ reason: "VALUE_MISMATCH" });
        }
    });
  });
});

describe.each(validReports)("a report of $name", async (valid) => {
  const tree = takeReportApart(valid.misbehaviour);
  const client = await open(valid.trusted, valid.now);
  const ask = (message: Uint8Array) => client.undone(() => client.reportMisbehaviour(message));

  test("anything in it damaged", async () => {
    const property = fc.asyncProperty(mutation, async (how) => {
      const damaged = putReportTogether(mutateTree(tree, how));
      fc.pre(damaged !== undefined);
      const verdict = verifyMisbehaviour({ ...valid, misbehaviour: damaged });
      const message = packed(() => packCometMisbehaviour(damaged));
      if (verdict.ok) expect(message && (await ask(message))).toEqual({ result: "misbehaviour" });
      else if (message && verdict.reason !== "MALFORMED")
        expect(await ask(message)).toEqual({ reason: verdict.reason });
    });
    await fc.assert(property, runs(25));
  });

  test("its packing damaged", async () => {
    const message = packCometMisbehaviour(valid.misbehaviour);
    expect(await ask(message)).toEqual({ result: "misbehaviour" });
    const property = fc.asyncProperty(mutation, async (how) => {
      const damaged = mutateBytes(message, how);
      fc.pre(!equalBytes(damaged, message));
      expect(await ask(damaged)).toHaveProperty("reason");
    });
    await fc.assert(property, runs(25));
  });
});

test.each([
  "UNKNOWN_HEIGHT",
  "INVALID_HEADER_HASH",
  "INVALID_SIGNATURE",
  "INVALID_STORE_PROOF",
  "INVALID_STORAGE_PROOF",
])("the damage was deep enough to meet %s", (reason) => {
  expect([...seen.keys()]).toContain(reason);
});
