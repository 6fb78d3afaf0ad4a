// Packets, commitments, paths and ICS-20 data against values that ibc-go's and ibc-contracts' own tests assert.
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { describe, expect, it } from "vitest";
import { UNIVERSAL_ERROR_ACKNOWLEDGEMENT, isErrorAcknowledgement } from "#adapters/protocol/acknowledgement.ts";
import { acknowledgementCommitment, packetCommitment } from "#adapters/protocol/commitment.ts";
import { decodePacket, encodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { acknowledgementPath, commitmentPath, receiptPath } from "#adapters/protocol/path.ts";
import { decodeTransferData, encodeTransferData } from "#adapters/protocol/transfer-data.ts";
import { readSharedJson } from "#test/support/shared-vectors.ts";

interface PacketVector {
  name: string;
  packet: {
    sequence: number | string;
    source_client: string;
    destination_client: string;
    timeout_timestamp: number | string;
    payloads: {
      source_port: string;
      destination_port: string;
      version: string;
      encoding: string;
      value_hex: string;
    }[];
  };
  packet_proto_hex: string;
  commitment_hex: string;
}

interface Vectors {
  packet_commitments_published: PacketVector[];
  packet_commitments_extended: PacketVector[];
  ack_commitments: { name: string; app_acknowledgements_hex: string[]; commitment_hex: string }[];
  universal_error_ack_hex: string;
  paths: { kind: string; client_id: string; sequence: string; path_hex: string; ibcstore_slot_hex: string }[];
  erc7201: { namespace: string; slot_hex: string }[];
  ics20_abi: { denom: string; sender: string; receiver: string; amount: string; memo: string; abi_hex: string }[];
}

// JSON.parse would round sequences and timeouts beyond 2^53: read them as strings.
const vectors = readSharedJson<Vectors>("ibc-v2/commitments.json");

const toPacket = ({ packet }: PacketVector, protoHex: string): Packet => {
  const decoded = decodePacket(hexToBytes(protoHex));
  return {
    sequence: decoded?.sequence ?? 0n,
    sourceClient: packet.source_client,
    destinationClient: packet.destination_client,
    timeoutTimestamp: decoded?.timeoutTimestamp ?? 0n,
    payloads: packet.payloads.map((payload) => ({
      sourcePort: payload.source_port,
      destinationPort: payload.destination_port,
      version: payload.version,
      encoding: payload.encoding,
      value: hexToBytes(payload.value_hex),
    })),
  };
};

describe.skipIf(vectors === undefined)("published vectors", () => {
  const rows = [...(vectors?.packet_commitments_published ?? []), ...(vectors?.packet_commitments_extended ?? [])];

  it.each(rows)("packet: $name", (row) => {
    const packet = toPacket(row, row.packet_proto_hex);
    expect(Number(packet.sequence)).toBe(Number(row.packet.sequence));
    expect(Number(packet.timeoutTimestamp)).toBe(Number(row.packet.timeout_timestamp));
    expect(bytesToHex(encodePacket(packet))).toBe(row.packet_proto_hex);
    expect(decodePacket(hexToBytes(row.packet_proto_hex))).toEqual(packet);
    expect(bytesToHex(packetCommitment(packet))).toBe(row.commitment_hex);
  });

  it.each(vectors?.ack_commitments ?? [])("acknowledgement: $name", (row) => {
    expect(bytesToHex(acknowledgementCommitment(row.app_acknowledgements_hex.map((hex) => hexToBytes(hex))))).toBe(
      row.commitment_hex,
    );
  });

  it("universal error acknowledgement", () => {
    expect(bytesToHex(UNIVERSAL_ERROR_ACKNOWLEDGEMENT)).toBe(vectors?.universal_error_ack_hex);
    expect(isErrorAcknowledgement([UNIVERSAL_ERROR_ACKNOWLEDGEMENT])).toBe(true);
    expect(isErrorAcknowledgement([UNIVERSAL_ERROR_ACKNOWLEDGEMENT, UNIVERSAL_ERROR_ACKNOWLEDGEMENT])).toBe(false);
    expect(isErrorAcknowledgement([])).toBe(false);
    expect(isErrorAcknowledgement([utf8ToBytes("UNIVERSAL_ERROR_ACKNOWLEDGEMENT")])).toBe(false);
  });

  it.each(vectors?.paths ?? [])("path: $kind of $client_id/$sequence", (row) => {
    const packet: Packet = {
      sequence: BigInt(row.sequence),
      sourceClient: row.client_id,
      destinationClient: row.client_id,
      timeoutTimestamp: 1n,
      payloads: [],
    };
    const paths: Record<string, (packet: Packet) => Uint8Array> = {
      commitment: commitmentPath,
      receipt: receiptPath,
      ack: acknowledgementPath,
    };
    const path = paths[row.kind]?.(packet) ?? new Uint8Array();
    expect(bytesToHex(path)).toBe(row.path_hex);
    const base = vectors?.erc7201.find(({ namespace }) => namespace === "ibc.storage.IBCStore")?.slot_hex ?? "";
    expect(bytesToHex(keccak_256(hexToBytes(bytesToHex(keccak_256(path)) + base)))).toBe(row.ibcstore_slot_hex);
  });

  it.each(vectors?.ics20_abi ?? [])("ICS-20 ABI: $denom", ({ abi_hex, amount, ...rest }) => {
    const data = { ...rest, amount: BigInt(amount) };
    expect(bytesToHex(encodeTransferData(data))).toBe(abi_hex);
    expect(decodeTransferData(hexToBytes(abi_hex))).toMatchObject({ denom: data.denom, amount: data.amount });
  });
});
