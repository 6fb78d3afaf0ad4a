// The light client in Solidity is called with packings that no packer makes. What packers make of vectors: CometEvidence.t.sol.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packCometProof } from "#adapters/evm/pack/comet-proof.ts";
import { packCometUpdate } from "#adapters/evm/pack/comet-update.ts";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import { GENESIS_SECONDS, makeMembers, makeState, makeUpdate } from "#test/support/comet-evidence.ts";
import { alter, oddPackings, other, packingsNow, packingsTrusted, same } from "#test/support/comet-packings.ts";
import { readCometVectors } from "#test/support/comet-vectors.ts";
import { runs } from "#test/support/property-runs.ts";
import { openSolidityComet } from "#test/support/solidity-comet.ts";

const open = await openSolidityComet();
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));

describe("packings that no packer makes", async () => {
  const client = await open(packingsTrusted, packingsNow);
  const ask = (message: Uint8Array) => client.undone(() => client.update(message));

  test("both are accepted as they are", async () => {
    expect(await ask(same)).toEqual({ result: "updated" });
    expect(await ask(other)).toEqual({ result: "updated" });
  });

  test("no byte may be changed", async () => {
    const change = fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }), isSame: fc.boolean() });
    const property = fc.asyncProperty(change, async ({ at, bits, isSame }) => {
      const message = isSame ? same : other;
      const place = at % message.length;
      const answer = await ask(alter(message, place, (message[place] ?? 0) ^ bits));
      expect(answer).toHaveProperty("reason");
    });
    await fc.assert(property, runs(120));
  });

  test.each(oddPackings)("%s", async (_, message, reason) => {
    expect(await ask(message)).toEqual({ reason });
  });

  test("another prefix than ibc-go's", async () => {
    const vector = readCometVectors().find(({ name }) => name === "update-with-claims");
    if (!vector || !("trusted" in vector) || !("envelope" in vector)) throw new Error("a vector with claims");
    const holder = await open(bytesOf(vector.trusted), BigInt(vector.now));
    const { updates, height, rootProof, claims } = envelopeType.decode(bytesOf(vector.envelope));
    for (const update of updates) await holder.update(packCometUpdate(update));
    const proof = packCometProof(
      height,
      rootProof,
      claims.map((claim) => claim.proof),
    );
    const asked = claims.map(({ path, membership, value }) => ({ path, value: membership === 1n ? value : undefined }));
    const ibc = new TextEncoder().encode("ibc");
    expect(await holder.verify(asked, proof, [ibc])).toHaveProperty("timestamp");
    for (const prefix of [[], [ibc, new Uint8Array()], [new Uint8Array()], [new TextEncoder().encode("ibd")]])
      expect(await holder.verify(asked, proof, prefix)).toEqual({ reason: "INVALID_STORE_PROOF" });
    expect(await holder.verify(asked, alter(new Uint8Array(proof.length + 1), 0, ...proof))).toEqual({
      reason: "MALFORMED",
    });
    expect(await holder.verify(asked, proof.slice(0, 39))).toEqual({ reason: "MALFORMED" });
    expect(await holder.verify(asked, alter(proof, 7, 99))).toEqual({ reason: "UNKNOWN_HEIGHT" });
  });

  test("the ring keeps the newest 64, and an idle client expires", async () => {
    const small = makeMembers("alone", [1n]);
    const block = (height: bigint) => ({ height, members: small });
    const heights = Array.from({ length: 62 }, (_, index) => 100n + BigInt(index));
    const follower = await open(encodeTrustedState(makeState(heights.map(block))), GENESIS_SECONDS + 900n);
    for (let height = 162n; height <= 167n; height++) {
      const options = { ...block(height), trustedHeight: height - 1n };
      expect(await follower.update(packCometUpdate(cometUpdate.encode(makeUpdate(options))))).toEqual({
        result: "updated",
      });
    }
    const newest = Array.from({ length: 64 }, (_, index) => 104n + BigInt(index));
    expect(await follower.clientState()).toEqual(encodeTrustedState(makeState(newest.map(block))));
    const from = async (trustedHeight: bigint) =>
      follower.undone(() =>
        follower.update(packCometUpdate(cometUpdate.encode(makeUpdate({ ...block(170n), trustedHeight })))),
      );
    expect(await from(103n)).toEqual({ reason: "UNKNOWN_HEIGHT" });
    for (const height of [104n, 127n, 128n, 166n, 167n]) expect(await from(height)).toEqual({ result: "updated" });
    follower.now = GENESIS_SECONDS + 167n * 5n + 14n * 86_400n;
    expect(await follower.status()).toBe("active");
    follower.now += 1n;
    expect(await follower.status()).toBe("expired");
    expect(await from(167n)).toEqual({ reason: "CLIENT_EXPIRED" });
  });
});
