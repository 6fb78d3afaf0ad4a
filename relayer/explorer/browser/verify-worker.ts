// Judges evidence beside the page, with the same pure code that relayers and auditors run.
import "./without-eval.ts";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { verifierOf } from "#adapters/verifiers.ts";
import { openCheckpoint } from "#sdk/evidence/checkpoint.ts";
import { verifyConsistency } from "#sdk/evidence/tree.ts";
import { verifyBundle } from "#sdk/evidence/verify-bundle.ts";
import type { Consistency, Work, Worked } from "./evidence-work.ts";

function consistency({ note, key, before, proof }: Extract<Work, { kind: "consistency" }>): Consistency {
  const head = openCheckpoint(note, key);
  if ("problem" in head) return { ok: false, why: head.problem };
  const now = { ok: true, size: head.size.toString(), root: bytesToHex(head.root) } as const;
  if (before === undefined || before.size === "0") return now;
  if (head.size < BigInt(before.size))
    return { ok: false, why: `it had ${before.size} entries, and now has ${head.size}` };
  const extends_ = verifyConsistency({
    from: BigInt(before.size),
    to: head.size,
    fromRoot: hexToBytes(before.root),
    toRoot: head.root,
    proof: proof.map((hash) => hexToBytes(hash)),
  });
  return extends_ ? now : { ok: false, why: `its first ${before.size} entries are not those of your last visit` };
}

addEventListener("message", ({ data }: MessageEvent<Work>) => {
  const worked: Worked =
    data.kind === "bundle"
      ? { kind: "bundle", report: verifyBundle(data.file, { verifierOf, logKey: data.logKey }) }
      : { kind: "consistency", ...consistency(data) };
  postMessage(worked);
});
