// Packet messages that cost the same: of one kind, between the same applications, in one encoding, about the same token. A transfer's memo may
// have other contracts called, at any cost; so may whatever is no transfer.
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Message } from "#adapters/message.ts";
import type { Payload } from "#adapters/protocol/packet.ts";
import { readFields } from "#adapters/protocol/protobuf.ts";
import { ABI_ENCODING, TRANSFER_PORT, TRANSFER_VERSION } from "#adapters/protocol/transfer-data.ts";

interface Transfer {
  readonly denom: string;
  readonly hasMemo: boolean;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Of a tuple of two strings, … and a memo in fifth place. What is not canonical is for the chain to refuse. */
function readAbi(value: Uint8Array): Transfer | undefined {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const word = (at: number): number => view.getUint32(at + 28);
  const begin = word(0);
  const place = (field: number): number => begin + word(begin + 32 * field);
  const [denom, memo] = [place(0), place(4)];
  return { denom: text(value.subarray(denom + 32, denom + 32 + word(denom))), hasMemo: word(memo) > 0 };
}

function readJson(value: Uint8Array): Transfer | undefined {
  const { denom, memo } = JSON.parse(text(value)) as { readonly denom?: unknown; readonly memo?: unknown };
  const hasMemo = memo !== undefined && memo !== "";
  return typeof denom === "string" ? { denom, hasMemo } : undefined;
}

/** ibc.applications.transfer.v1.FungibleTokenPacketData */
function readProtobuf(value: Uint8Array): Transfer | undefined {
  const fields = readFields(value);
  const [denom] = fields.flatMap((field) => (field.number === 1 && field.kind === "bytes" ? [text(field.value)] : []));
  return denom === undefined ? undefined : { denom, hasMemo: fields.some(({ number }) => number >= 5) };
}

const readers: Readonly<Record<string, (value: Uint8Array) => Transfer | undefined>> = {
  [ABI_ENCODING]: readAbi,
  "application/json": readJson,
  "application/x-protobuf": readProtobuf,
};

function transferOf({ sourcePort, destinationPort, version, encoding, value }: Payload): Transfer | undefined {
  const isTransfer = sourcePort === TRANSFER_PORT && destinationPort === TRANSFER_PORT && version === TRANSFER_VERSION;
  if (!isTransfer || !Object.hasOwn(readers, encoding)) return undefined;
  try {
    return readers[encoding]?.(value);
  } catch {
    return undefined;
  }
}

const short = (bytes: Uint8Array): string => bytesToHex(sha256(bytes).subarray(0, 8));

/** Undefined for what may cost anything. */
export function gasKindOf(message: Message): string | undefined {
  const { sourceClient, destinationClient, payloads } = message.packet;
  const [payload] = payloads;
  const transfer = payload !== undefined && payloads.length === 1 ? transferOf(payload) : undefined;
  if (payload === undefined || transfer === undefined || transfer.hasMemo) return undefined;
  // An error's has the tokens paid back.
  const answer = message.kind === "acknowledge" ? message.acknowledgements.map(short).join() : "";
  return [
    message.kind,
    sourceClient,
    destinationClient,
    payload.encoding,
    short(utf8ToBytes(transfer.denom)),
    answer,
  ].join(" ");
}
