// Bytes whose meaning is not known: as text when they are nothing but text, and as hexadecimal.
import { html } from "../html.ts";
import type { VNode } from "preact";
import { bytesToHex } from "@noble/hashes/utils.js";
import { byteSize } from "./amount.ts";
import { copyButton } from "./hash-code.ts";
import { unknown } from "./unknown.ts";
import { untrustedText } from "./untrusted-text.ts";

/** Undefined unless the bytes are well-formed UTF-8 that somebody could have typed. */
export function readableText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex -- bytes that are no text decode to these
    return /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Hexadecimal digits that are shown without asking. */
const LIMIT = 128;

export function rawBytes(bytes: Uint8Array, what: string): VNode {
  if (bytes.length === 0) return unknown("empty");
  const hex = bytesToHex(bytes);
  const text = readableText(bytes);
  const whole = html`<code class="bytes">${hex}</code>`;
  return html`<div class="raw">
    ${text === undefined ? null : html`<div class="quoted">${untrustedText(text)}</div>`}
    ${
      hex.length <= LIMIT && text === undefined
        ? whole
        : html`<details class="more">
            <summary>${byteSize(bytes.length)} as hexadecimal</summary>
            ${whole}
          </details>`
    }
    ${copyButton(hex, what)}
  </div>`;
}
