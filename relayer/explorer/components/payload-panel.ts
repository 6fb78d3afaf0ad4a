// What was sent: a transfer or a general message by its parts, anything else as bytes.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { hexToBytes } from "@noble/hashes/utils.js";
import type { PacketView } from "#sdk/api/views.ts";
import { grouped } from "./amount.ts";
import { decodePayload } from "./decode-payload.ts";
import { factsList } from "./facts-list.ts";
import type { Fact } from "./facts-list.ts";
import { hashCode } from "./hash-code.ts";
import { rawBytes } from "./raw-bytes.ts";
import { unknown } from "./unknown.ts";
import { untrustedText } from "./untrusted-text.ts";

type Payload = NonNullable<PacketView["payloads"]>[number];

const memoOf = (memo: string): Fact => ["Memo", memo === "" ? unknown("none") : untrustedText(memo)];

function decoded(payload: Payload): { title: string; facts: readonly Fact[] } {
  const data = decodePayload(payload);
  if (data === undefined)
    return {
      title: "Payload of another application",
      facts: [["Value", rawBytes(hexToBytes(payload.value), "the payload's value")]],
    };
  const people: Fact[] = [
    ["Sender", hashCode(data.sender, "the sender")],
    ["Receiver", hashCode(data.receiver, "the receiver")],
  ];
  if (data.kind === "transfer")
    return {
      title: "Token transfer",
      facts: [
        ["Token", hashCode(data.denom, "the token")],
        ["Amount", html`<span class="number">${grouped(data.amount)}</span> <span class="note">base units</span>`],
        ...people,
        memoOf(data.memo),
      ],
    };
  return {
    title: "General message",
    facts: [
      ...people,
      ["Payload", rawBytes(data.payload, "the message")],
      ["Salt", rawBytes(data.salt, "the salt")],
      memoOf(data.memo),
    ],
  };
}

function onePayload(payload: Payload): VNode {
  const { title, facts } = decoded(payload);
  return html`<h3>${title}</h3>
    ${factsList([
      ...facts,
      [
        "Ports",
        html`${untrustedText(payload.sourcePort)} → ${untrustedText(payload.destinationPort)},
        ${untrustedText(payload.version)}, ${untrustedText(payload.encoding)}`,
      ],
    ])}`;
}

export const payloadPanel = ({ payloads }: Pick<PacketView, "payloads">): VNode =>
  html`<section class="panel">
    <h2>What was sent</h2>
    ${
      payloads === null
        ? html`<p>${unknown("Unknown: the event of its sending was not read yet.")}</p>`
        : payloads.map(onePayload)
    }
  </section>`;
