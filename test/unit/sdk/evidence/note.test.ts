// Signed notes against Go's sumdb/note and the C2SP example: what it opens and signs, we open and sign, and nothing else.
import { createPrivateKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openCheckpoint } from "#sdk/evidence/checkpoint.ts";
import { signCheckpoint } from "#relayer/proof-log/sign-checkpoint.ts";
import { openNote, parseVerifierKey } from "#sdk/evidence/note.ts";
import { generateNoteKey, noteSigner, signNote } from "#relayer/proof-log/note-signer.ts";
import { readSharedJson, sharedVector } from "#test/support/shared-vectors.ts";

const absent = sharedVector("tlog") === undefined;

const notes = readSharedJson<{
  skey_peter: string;
  sign_text: string;
  sign_expected: string;
  bad_vkeys: string[];
  cases: { name: string; note_base64: string; vkeys: string[]; ok: boolean; verified: string[] | null }[];
}>("tlog/signed_notes.json") ?? { skey_peter: "", sign_text: "", sign_expected: "", bad_vkeys: [], cases: [] };

const checkpoints = readSharedJson<{
  checkpoint_with_extension_line: string;
  checkpoints: { log_and_cosigned: string; log_signed: string; size: number }[];
  log_skey: string;
  log_vkey: string;
}>("tlog/signed_checkpoints.json") ?? {
  checkpoint_with_extension_line: "",
  checkpoints: [],
  log_skey: "",
  log_vkey: "",
};

/** `PRIVATE+KEY+name+id+base64(type ‖ seed)`, the form of Go's note package. */
function goSigner(skey: string): ReturnType<typeof noteSigner> {
  const [, , name = "", , ...base64] = skey.split("+");
  const seed = Buffer.from(base64.join("+"), "base64").subarray(1);
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  return noteSigner(name, createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

describe.skipIf(absent)("notes of golang.org/x/mod", () => {
  it.each(notes.cases)("$name", (one) => {
    const opened = openNote(Buffer.from(one.note_base64, "base64"), one.vkeys);
    expect(opened.ok).toBe(one.ok);
    if (opened.ok) expect(opened.signers.sort()).toEqual([...(one.verified ?? [])].sort());
  });

  it("signs the same bytes", () => {
    expect(signNote(notes.sign_text, goSigner(notes.skey_peter))).toBe(notes.sign_expected);
  });

  it.each(notes.bad_vkeys)("refuses the verifier key %s", (key) => {
    expect(parseVerifierKey(key)).toBeUndefined();
  });
});

describe.skipIf(absent)("checkpoints of transparency-dev/formats", () => {
  it.each(checkpoints.checkpoints)("are opened and signed alike at size $size", (one) => {
    const head = openCheckpoint(one.log_signed, checkpoints.log_vkey);
    if ("problem" in head) throw new Error(head.problem);
    expect(head.size).toBe(BigInt(one.size));
    expect(signCheckpoint(head, goSigner(checkpoints.log_skey))).toBe(one.log_signed);
    expect(openCheckpoint(one.log_and_cosigned, checkpoints.log_vkey)).toEqual(head);
  });

  it("are refused with an extension line, which nothing of ours writes", () => {
    expect(openCheckpoint(checkpoints.checkpoint_with_extension_line, checkpoints.log_vkey)).toEqual({
      problem: "the signed text is not a checkpoint",
    });
  });
});

describe("a checkpoint", () => {
  const signer = noteSigner("causeway.test/log", generateNoteKey());
  const head = { size: 12_345n, root: new Uint8Array(32).fill(7) };
  const note = signCheckpoint(head, signer);

  it("round-trips", () => {
    expect(openCheckpoint(note, signer.verifierKey)).toEqual({ size: 12_345n, root: new Uint8Array(32).fill(7) });
  });

  it("is refused with any byte altered", () => {
    for (let index = 0; index < note.length; index += 1) {
      const altered = `${note.slice(0, index)}${note[index] === "A" ? "B" : "A"}${note.slice(index + 1)}`;
      expect(openCheckpoint(altered, signer.verifierKey), `byte ${index}`).toHaveProperty("problem");
    }
  });

  it("is refused under another key of the same name, and when it is of another log", () => {
    const other = noteSigner("causeway.test/log", generateNoteKey());
    expect(openCheckpoint(note, other.verifierKey)).toEqual({ problem: "no signature by a known key" });
    const foreign = signNote(`other.test/log\n1\n${Buffer.alloc(32).toString("base64")}\n`, signer);
    expect(openCheckpoint(foreign, signer.verifierKey)).toHaveProperty("problem");
    expect(openCheckpoint(note, "not a key")).toHaveProperty("problem");
  });
});
