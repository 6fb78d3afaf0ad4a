// C2SP signed notes v1.0.0 with Ed25519 keys: the form in which a checkpoint is signed.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

const ED25519 = 1;
/** The specification asks verifiers to accept at least 16. */
const MAX_SIGNATURES = 100;
/** ASN.1 around a raw Ed25519 public key (RFC 8410). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

export interface NoteSigner {
  readonly name: string;
  /** `name+id+base64(type ‖ public key)`. */
  readonly verifierKey: string;
  readonly privateKey: KeyObject;
}

interface Verifier {
  readonly name: string;
  readonly id: string;
  readonly publicKey: KeyObject;
}

export type OpenedNote =
  | {
      readonly ok: true;
      readonly text: string;
      /** Names of the known keys whose signatures verified. */ readonly signers: string[];
    }
  | { readonly ok: false; readonly problem: string };

const isName = (name: string): boolean => name !== "" && !/[\s+]/u.test(name);

const keyId = (name: string, typed: Uint8Array): string =>
  createHash("sha256").update(`${name}\n`).update(typed).digest("hex").slice(0, 8);

const rawPublicKey = (key: KeyObject): Buffer =>
  key.export({ type: "spki", format: "der" }).subarray(SPKI_PREFIX.length);

/** `name` must have neither spaces nor plus signs. */
export function noteSigner(name: string, privateKey: KeyObject): NoteSigner {
  const typed = Buffer.concat([Buffer.from([ED25519]), rawPublicKey(createPublicKey(privateKey))]);
  return { name, verifierKey: `${name}+${keyId(name, typed)}+${typed.toString("base64")}`, privateKey };
}

export const generateNoteKey = (): KeyObject => generateKeyPairSync("ed25519").privateKey;
export const encodeNoteKey = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
export const decodeNoteKey = (pem: string): KeyObject => createPrivateKey(pem);
/** First bytes of the public key's hash, to tell logs apart in their names. */
export const fingerprint = (key: KeyObject): string =>
  createHash("sha256")
    .update(rawPublicKey(createPublicKey(key)))
    .digest("hex")
    .slice(0, 12);

/** Undefined when it is not an Ed25519 verifier key whose id fits. */
export function parseVerifierKey(key: string): Verifier | undefined {
  const [, name, id, base64] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(key) ?? [];
  if (name === undefined || id === undefined || base64 === undefined || !isName(name)) return undefined;
  const typed = Buffer.from(base64, "base64");
  if (typed.toString("base64") !== base64 || typed.length !== 33 || typed[0] !== ED25519) return undefined;
  if (keyId(name, typed) !== id) return undefined;
  const der = Buffer.concat([SPKI_PREFIX, typed.subarray(1)]);
  return { name, id, publicKey: createPublicKey({ key: der, format: "der", type: "spki" }) };
}

/** `text` must end with a line feed. */
export function signNote(text: string, signer: NoteSigner): string {
  const id = Buffer.from(signer.verifierKey.slice(signer.name.length + 1, signer.name.length + 9), "hex");
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), signer.privateKey)]);
  return `${text}\n— ${signer.name} ${signature.toString("base64")}\n`;
}

const refused = (problem: string): OpenedNote => ({ ok: false, problem });

function splitNote(note: Uint8Array): { text: string; lines: string[] } | undefined {
  let whole: string;
  try {
    whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(note);
  } catch {
    return undefined;
  }
  // eslint-disable-next-line no-control-regex -- control characters are what the specification excludes
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/u.test(whole)) return undefined;
  const end = whole.lastIndexOf("\n\n");
  if (end === -1 || !whole.endsWith("\n")) return undefined;
  const lines = whole.slice(end + 2, -1).split("\n");
  return lines.length > MAX_SIGNATURES ? undefined : { text: whole.slice(0, end + 1), lines };
}

/** Unknown keys are passed over; a known key's bad signature, or no signature by a known key, refuses the note. */
export function openNote(note: Uint8Array, verifierKeys: readonly string[]): OpenedNote {
  const parts = splitNote(note);
  if (parts === undefined) return refused("the note is malformed");
  const verifiers = verifierKeys.map(parseVerifierKey);
  const signers = new Set<string>();
  for (const line of parts.lines) {
    const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
    if (name === undefined || base64 === undefined || !isName(name)) return refused("a signature line is malformed");
    const bytes = Buffer.from(base64, "base64");
    if (bytes.toString("base64") !== base64 || bytes.length < 5) return refused("a signature line is malformed");
    const id = bytes.subarray(0, 4).toString("hex");
    const known = verifiers.filter((verifier) => verifier?.name === name && verifier.id === id);
    if (known.length > 1) return refused(`two keys are known for ${name}`);
    const [verifier] = known;
    if (verifier === undefined || signers.has(`${name}+${id}`)) continue;
    if (!verify(null, Buffer.from(parts.text), verifier.publicKey, bytes.subarray(4)))
      return refused(`the signature of ${name} does not verify`);
    signers.add(`${name}+${id}`);
  }
  if (signers.size === 0) return refused("no signature by a known key");
  return {
    ok: true,
    text: parts.text,
    signers: [...signers].map((signer) => signer.slice(0, signer.lastIndexOf("+"))),
  };
}
