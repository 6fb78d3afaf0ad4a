// Vectors: light-client updates that are accepted, one for each thing an update can do.
import { electraRow, gloasRow } from "#test/support/beacon-evidence.ts";
import type { BeaconFixture, UpdateOptions } from "#test/support/beacon-evidence.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { makeChain, moved, updateVector } from "./chain.ts";
import { toHex } from "../vector.ts";
import type { Vector } from "../vector.ts";

const NO_ROOT = toHex(new Uint8Array(32));

function accepted(
  chain: BeaconFixture,
  name: string,
  why: string,
  options: UpdateOptions & { readonly finalizedSlot: bigint },
  changes: Partial<BeaconState> = {},
): Vector {
  const block = chain.blockOf(options.finalizedSlot);
  const state = { ...moved(chain.trusted, block, options.finalizedSlot), ...changes };
  const latest = state.latestHeight === block.number ? block : chain.startBlock;
  return updateVector(
    { name, why, state: chain.trusted, now: chain.timeOf(options.signatureSlot), expect: { state, block: latest } },
    [chain.makeUpdate(options)],
    latest,
  );
}

function plain(): Vector[] {
  const chain = makeChain();
  const root = (period: bigint): `0x${string}` => toHex(chain.committeeRoot(period));
  return [
    accepted(chain, "update-finality", "a header signed by everyone in the trusted period", {
      signatureSlot: 240n,
      finalizedSlot: 224n,
    }),
    accepted(chain, "update-absentees", "22 of 32 is just enough: 66 >= 64", {
      signatureSlot: 240n,
      finalizedSlot: 224n,
      absent: [0, 3, 7, 8, 15, 16, 20, 24, 30, 31],
    }),
    accepted(
      chain,
      "update-next-committee",
      "the next committee becomes known",
      { signatureSlot: 240n, finalizedSlot: 224n, nextCommittee: true },
      { nextCommitteeRoot: root(4n) },
    ),
    accepted(chain, "update-older-height", "a height below the newest is filled in where the ring is empty", {
      signatureSlot: 230n,
      finalizedSlot: 200n,
    }),
    accepted(
      chain,
      "update-known-height-new-committee",
      "the header is known, and its update still brings the next committee",
      { signatureSlot: 230n, finalizedSlot: 208n, nextCommittee: true },
      { nextCommitteeRoot: root(4n) },
    ),
    accepted(chain, "update-attested-is-finalized", "an attested header may be its own finalized header", {
      signatureSlot: 240n,
      attestedSlot: 232n,
      finalizedSlot: 232n,
    }),
    accepted(chain, "update-known-height-noop", "a known header without a committee changes nothing", {
      signatureSlot: 230n,
      finalizedSlot: 208n,
    }),
  ];
}

function rotating(): Vector[] {
  const chain = makeChain({ nextCommitteeKnown: true });
  const root = (period: bigint): `0x${string}` => toHex(chain.committeeRoot(period));
  return [
    accepted(chain, "update-signed-by-next-committee", "signed in the next period over a header of the trusted one", {
      signatureSlot: 260n,
      finalizedSlot: 248n,
    }),
    accepted(
      chain,
      "update-rotation",
      "a header finalized in the next period makes its committee the trusted one",
      { signatureSlot: 280n, finalizedSlot: 264n },
      { period: 4n, committeeRoot: root(4n), nextCommitteeRoot: NO_ROOT },
    ),
    accepted(
      chain,
      "update-rotation-next-committee",
      "rotation and the committee after it in one update",
      { signatureSlot: 280n, finalizedSlot: 264n, nextCommittee: true },
      { period: 4n, committeeRoot: root(4n), nextCommitteeRoot: root(5n) },
    ),
    accepted(chain, "update-next-committee-known-already", "the same next committee again, with a new header", {
      signatureSlot: 240n,
      finalizedSlot: 224n,
      nextCommittee: true,
    }),
  ];
}

function forked(): Vector[] {
  const gloas = makeChain({ forks: [electraRow(0n), gloasRow(27n)] });
  const large = makeChain({ committeeSize: 512 });
  return [
    accepted(gloas, "update-gloas", "both headers after the Gloas fork: deeper branches", {
      signatureSlot: 240n,
      finalizedSlot: 224n,
    }),
    accepted(gloas, "update-across-gloas", "attested after the fork, finalized before it: a row of the table each", {
      signatureSlot: 220n,
      finalizedSlot: 212n,
    }),
    accepted(gloas, "update-first-slot-of-gloas", "signed in the fork's first slot: still with the version before it", {
      signatureSlot: 216n,
      finalizedSlot: 212n,
    }),
    accepted(large, "update-512", "mainnet's committee size, 26 absent", {
      signatureSlot: 240n,
      finalizedSlot: 224n,
      absent: Array.from({ length: 26 }, (_, index) => index * 19),
    }),
  ];
}

function chained(): Vector {
  const chain = makeChain();
  const root = (period: bigint): `0x${string}` => toHex(chain.committeeRoot(period));
  const last = chain.blockOf(264n);
  const state = {
    ...moved(moved(chain.trusted, chain.blockOf(224n), 224n), last, 264n),
    period: 4n,
    committeeRoot: root(4n),
    nextCommitteeRoot: NO_ROOT,
  };
  return updateVector(
    {
      name: "update-two-in-order",
      why: "the first brings the committee that signed the second",
      state: chain.trusted,
      now: chain.timeOf(280n),
      expect: { state, block: last },
    },
    [
      chain.makeUpdate({ signatureSlot: 240n, finalizedSlot: 224n, nextCommittee: true }),
      chain.makeUpdate({ signatureSlot: 280n, finalizedSlot: 264n }),
    ],
    last,
  );
}

/** What may vary in valid evidence: the result is that of the update as it was made. */
function varied(): Vector[] {
  const chain = makeChain();
  const block = chain.blockOf(224n);
  const update = chain.makeUpdate({ signatureSlot: 240n, finalizedSlot: 224n });
  const known = chain.makeUpdate({ signatureSlot: 230n, finalizedSlot: 208n });
  const one = { state: chain.trusted, now: chain.timeOf(255n) };
  const after = { state: moved(chain.trusted, block, 224n), block };
  return [
    updateVector(
      {
        ...one,
        name: "update-later-signature-slot",
        why: "the slot a signature was included in is not signed; within the period it changes nothing",
        expect: after,
      },
      [{ ...update, signatureSlot: 255n }],
      block,
    ),
    updateVector(
      { ...one, name: "update-twice", why: "the second time, the header is known and nothing changes", expect: after },
      [update, update],
      block,
    ),
    updateVector(
      {
        ...one,
        name: "update-known-height-unread",
        why: "of an update with a known header and no committee, nothing else is read",
        expect: { state: chain.trusted, block: chain.startBlock },
      },
      [{ ...known, syncCommitteeSignature: new Uint8Array(96) }],
      chain.startBlock,
    ),
  ];
}

export const acceptedUpdates = (): Vector[] => [...plain(), ...rotating(), ...forked(), chained(), ...varied()];
