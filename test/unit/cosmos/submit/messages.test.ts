import { concatBytes } from "@noble/hashes/utils.js";
import { MsgUpdateClient } from "cosmjs-types/ibc/core/client/v1/tx";
import { MsgRecvPacket } from "cosmjs-types/ibc/core/channel/v2/tx";
import { describe, expect, test } from "vitest";
import type { Message } from "#adapters/message.ts";
import { outcomes } from "#adapters/cosmos/submit/outcomes.ts";
import { packetMessage, updateClient } from "#adapters/cosmos/submit/messages.ts";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { messageField, stringField, uint64Field } from "#adapters/protocol/protobuf.ts";

const packet: Packet = {
  sequence: 3n,
  sourceClient: "client-0",
  destinationClient: "07-tendermint-0",
  timeoutTimestamp: 1_800_000_000n,
  payloads: [
    {
      sourcePort: "transfer",
      destinationPort: "transfer",
      version: "ics20-1",
      encoding: "application/x-solidity-abi",
      value: Uint8Array.of(1, 2, 3),
    },
  ],
};
const proof = Uint8Array.of(7, 7);
const height = { revisionNumber: 1n, revisionHeight: 9n };
const heightBytes = concatBytes(uint64Field(1, 1n), uint64Field(2, 9n));
const receive: Message = { kind: "receive", packet };
const timeout: Message = { kind: "timeout", packet };
const acknowledge: Message = { kind: "acknowledge", packet, acknowledgements: [Uint8Array.of(4), Uint8Array.of(5)] };
const anyFor = (message: Message) => packetMessage({ message, proof }, height, "cosmos1x");

describe("packet messages", () => {
  test("are ibc-go's, field by field", () => {
    const encoded = messageField(1, encodePacket(packet));
    const both = concatBytes(messageField(2, proof), messageField(3, heightBytes));
    expect(anyFor(receive)).toEqual({
      typeUrl: "/ibc.core.channel.v2.MsgRecvPacket",
      value: concatBytes(encoded, both, stringField(4, "cosmos1x")),
    });
    expect(anyFor(timeout)).toEqual({
      typeUrl: "/ibc.core.channel.v2.MsgTimeout",
      value: concatBytes(encoded, both, stringField(5, "cosmos1x")),
    });
    const acknowledgement = concatBytes(messageField(1, Uint8Array.of(4)), messageField(1, Uint8Array.of(5)));
    expect(anyFor(acknowledge)).toEqual({
      typeUrl: "/ibc.core.channel.v2.MsgAcknowledgement",
      value: concatBytes(
        encoded,
        messageField(2, acknowledgement),
        messageField(3, proof),
        messageField(4, heightBytes),
        stringField(5, "cosmos1x"),
      ),
    });
  });

  test("come after the light client's updates", () => {
    const update = updateClient("07-tendermint-0", { typeUrl: "/a", value: proof }, "cosmos1x");
    expect(MsgUpdateClient.decode(update.value)).toEqual({
      clientId: "07-tendermint-0",
      clientMessage: { typeUrl: "/a", value: proof },
      signer: "cosmos1x",
    });
  });
});

const answer = (name: string, result: number) => ({
  typeUrl: `/ibc.core.channel.v2.Msg${name}Response`,
  value: uint64Field(1, BigInt(result)),
});

describe("outcomes", () => {
  const update = updateClient("07-tendermint-0", { typeUrl: "/a", value: proof }, "cosmos1x");
  const other: Message = { kind: "receive", packet: { ...packet, sequence: 4n } };
  const updated = { typeUrl: "/ibc.core.client.v1.MsgUpdateClientResponse", value: new Uint8Array() };

  test("are told by the answer in the message's place", () => {
    const included = {
      messages: [update, anyFor(receive), anyFor(other), anyFor(acknowledge), anyFor(timeout)],
      responses: [
        updated,
        answer("RecvPacket", 1),
        answer("RecvPacket", 2),
        answer("Acknowledgement", 2),
        answer("Timeout", 1),
      ],
    };
    expect(outcomes([other, receive, timeout, acknowledge], included)).toEqual([
      { status: "delivered" },
      { status: "already" },
      { status: "already" },
      { status: "delivered" },
    ]);
  });

  test("an application that failed has answered its packet: it is delivered", () => {
    const included = { messages: [anyFor(receive)], responses: [answer("RecvPacket", 3)] };
    expect(outcomes([receive], included)).toEqual([{ status: "delivered" }]);
  });

  test("there are none for messages that were left out", () => {
    const included = { messages: [update, anyFor(receive)], responses: [updated, answer("RecvPacket", 2)] };
    expect(outcomes([acknowledge, timeout, other], included)).toEqual([undefined, undefined, undefined]);
    const foreign: Message = { kind: "receive", packet: { ...packet, sourceClient: "client-1" } };
    expect(outcomes([foreign], included)).toEqual([undefined]);
  });

  test("a chain that tells no answers carried the messages out all the same", () => {
    expect(outcomes([receive], { messages: [anyFor(receive)], responses: [] })).toEqual([{ status: "delivered" }]);
  });

  test("answers that do not decode are the endpoint's fault", () => {
    const broken = { typeUrl: MsgRecvPacket.typeUrl, value: Uint8Array.of(0xff) };
    expect(() => outcomes([receive], { messages: [broken], responses: [] })).toThrow(
      expect.objectContaining({ code: "RPC_BAD_ANSWER" }),
    );
    const included = {
      messages: [anyFor(receive)],
      responses: [{ ...answer("RecvPacket", 1), value: Uint8Array.of(8) }],
    };
    expect(() => outcomes([receive], included)).toThrow(expect.objectContaining({ code: "RPC_BAD_ANSWER" }));
  });
});
