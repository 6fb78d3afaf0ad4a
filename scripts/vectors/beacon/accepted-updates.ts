// Vectors: light-client updates that are accepted, one for each thing an update can do.
import { electraRow, fuluRow, gloasRow } from "#test/support/beacon-evidence.ts";
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
    accepted(chain, "update-next-committee-not-final", "a committee counts once its period's beginning is final", {
      signatureSlot: 230n,
      finalizedSlot: 190n,
      nextCommittee: true,
    }),
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
    accepted(
      gloas,
      "update-signed-after-gloas-began",
      "attested before the fork, signed a slot late: with its version",
      {
        signatureSlot: 217n,
        attestedSlot: 215n,
        finalizedSlot: 212n,
      },
    ),
    accepted(gloas, "update-last-finalized-before-gloas", "finalized in the last slot before the fork", {
      signatureSlot: 217n,
      finalizedSlot: 215n,
    }),
    accepted(gloas, "update-first-finalized-of-gloas", "the fork's first slot is finalized by the next", {
      signatureSlot: 218n,
      finalizedSlot: 216n,
    }),
    accepted(
      { ...gloas, trusted: { ...gloas.trusted, forks: [electraRow(0n)] } },
      "update-before-a-fork-not-known",
      "signed in the first slot of a fork that the table lacks: still under the rules before it",
      { signatureSlot: 216n, finalizedSlot: 212n },
    ),
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

/** Fulu begins with slot 280, in period 4, Gloas with slot 344, in period 5: committees change before, between and after. */
function throughThreeForks(): Vector {
  const chain = makeChain({ forks: [electraRow(0n), fuluRow(35n), gloasRow(43n)] });
  const root = (period: bigint): `0x${string}` => toHex(chain.committeeRoot(period));
  const steps = [
    { signatureSlot: 240n, finalizedSlot: 224n, nextCommittee: true },
    { signatureSlot: 276n, finalizedSlot: 264n, nextCommittee: true },
    { signatureSlot: 281n, attestedSlot: 280n, finalizedSlot: 279n },
    { signatureSlot: 332n, finalizedSlot: 324n, nextCommittee: true },
    { signatureSlot: 345n, attestedSlot: 344n, finalizedSlot: 343n },
    { signatureSlot: 396n, finalizedSlot: 388n, nextCommittee: true },
  ] as const;
  const last = chain.blockOf(388n);
  const headers = steps.reduce<BeaconState>(
    (state, { finalizedSlot }) => moved(state, chain.blockOf(finalizedSlot), finalizedSlot),
    chain.trusted,
  );
  const state = { ...headers, period: 6n, committeeRoot: root(6n), nextCommitteeRoot: root(7n) };
  return updateVector(
    {
      name: "update-through-three-forks",
      why: "Electra, Fulu, Gloas: over both forks, with a new committee before, between and after them",
      state: chain.trusted,
      now: chain.timeOf(396n),
      expect: { state, block: last },
    },
    steps.map((step) => chain.makeUpdate(step)),
    last,
  );
}

/** Gloas begins with slot 256, the first of period 4. */
function rotatingWithAFork(): Vector {
  const chain = makeChain({ forks: [electraRow(0n), gloasRow(32n)], nextCommitteeKnown: true });
  const root = (period: bigint): `0x${string}` => toHex(chain.committeeRoot(period));
  const last = chain.blockOf(256n);
  const headers = moved(moved(chain.trusted, chain.blockOf(255n), 255n), last, 256n);
  const state = { ...headers, period: 4n, committeeRoot: root(4n), nextCommitteeRoot: root(5n) };
  return updateVector(
    {
      name: "update-rotation-with-gloas",
      why: "the next committee signs over both sides of a fork that begins with its period",
      state: chain.trusted,
      now: chain.timeOf(258n),
      expect: { state, block: last },
    },
    [
      chain.makeUpdate({ signatureSlot: 257n, attestedSlot: 256n, finalizedSlot: 255n }),
      chain.makeUpdate({ signatureSlot: 258n, attestedSlot: 257n, finalizedSlot: 256n, nextCommittee: true }),
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

export const acceptedUpdates = (): Vector[] => [
  ...plain(),
  ...rotating(),
  ...forked(),
  throughThreeForks(),
  rotatingWithAFork(),
  chained(),
  ...varied(),
];
