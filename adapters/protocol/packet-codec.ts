// Canonical packet bytes: ibc.core.channel.v2.Packet in protobuf, as ibc-go's encoded_packet_hex event attribute carries it.
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import type { Packet, Payload } from "./packet.ts";
import { bytesField, messageField, readFields, stringField, uint64Field } from "./protobuf.ts";
import type { ProtobufField } from "./protobuf.ts";

function encodePayload(payload: Payload): Uint8Array {
  return concatBytes(
    stringField(1, payload.sourcePort),
    stringField(2, payload.destinationPort),
    stringField(3, payload.version),
    stringField(4, payload.encoding),
    bytesField(5, payload.value),
  );
}

export function encodePacket(packet: Packet): Uint8Array {
  return concatBytes(
    uint64Field(1, packet.sequence),
    stringField(2, packet.sourceClient),
    stringField(3, packet.destinationClient),
    uint64Field(4, packet.timeoutTimestamp),
    ...packet.payloads.map((payload) => messageField(5, encodePayload(payload))),
  );
}

const EMPTY = new Uint8Array();
const ASCII = /^[\x20-\x7e]*$/;

function reader(fields: readonly ProtobufField[]) {
  const find = (number: number): ProtobufField | undefined => fields.find((field) => field.number === number);
  return {
    bytes(number: number): Uint8Array {
      const field = find(number);
      return field?.kind === "bytes" ? field.value : EMPTY;
    },
    uint64(number: number): bigint {
      const field = find(number);
      return field?.kind === "varint" ? field.value : 0n;
    },
    string(number: number): string {
      return utf8(this.bytes(number));
    },
  };
}

/** Invalid UTF-8 decodes to something that does not re-encode to itself, which decodePacket refuses. */
function utf8(bytes: Uint8Array): string {
  const plain = String.fromCharCode(...bytes);
  if (ASCII.test(plain)) return plain;
  try {
    return decodeURIComponent(bytesToHex(bytes).replace(/../g, "%$&"));
  } catch {
    return "";
  }
}

/** Undefined unless the bytes are exactly what encodePacket produces for the packet they describe. */
export function decodePacket(bytes: Uint8Array): Packet | undefined {
  try {
    const fields = readFields(bytes);
    const outer = reader(fields);
    const payloads = fields
      .filter((field) => field.number === 5 && field.kind === "bytes")
      .map((field): Payload => {
        const inner = reader(field.kind === "bytes" ? readFields(field.value) : []);
        return {
          sourcePort: inner.string(1),
          destinationPort: inner.string(2),
          version: inner.string(3),
          encoding: inner.string(4),
          value: inner.bytes(5),
        };
      });
    const packet: Packet = {
      sequence: outer.uint64(1),
      sourceClient: outer.string(2),
      destinationClient: outer.string(3),
      timeoutTimestamp: outer.uint64(4),
      payloads,
    };
    return bytesToHex(encodePacket(packet)) === bytesToHex(bytes) ? packet : undefined;
  } catch {
    return undefined;
  }
}
