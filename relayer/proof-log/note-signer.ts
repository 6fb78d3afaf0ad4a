// Signs C2SP notes v1.0.0 with an Ed25519 key, as whoever holds the log's key does.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { ED25519, noteKeyId } from "#sdk/evidence/note.ts";

/** ASN.1 around a raw Ed25519 public key (RFC 8410). */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export interface NoteSigner {
  readonly name: string;
  /** `name+id+base64(type ‖ public key)`. */
  readonly verifierKey: string;
  readonly privateKey: KeyObject;
}

const rawPublicKey = (key: KeyObject): Buffer =>
  key.export({ type: "spki", format: "der" }).subarray(SPKI_PREFIX.length);

/** `name` must have neither spaces nor plus signs. */
export function noteSigner(name: string, privateKey: KeyObject): NoteSigner {
  const typed = Buffer.concat([Buffer.from([ED25519]), rawPublicKey(createPublicKey(privateKey))]);
  return { name, verifierKey: `${name}+${noteKeyId(name, typed)}+${typed.toString("base64")}`, privateKey };
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

/** `text` must end with a line feed. */
export function signNote(text: string, signer: NoteSigner): string {
  const id = Buffer.from(signer.verifierKey.slice(signer.name.length + 1, signer.name.length + 9), "hex");
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), signer.privateKey)]);
  return `${text}\n— ${signer.name} ${signature.toString("base64")}\n`;
}
