// `--wait` of the commands that send: follows the packet through a relayer's API, says each change, and what became of it.
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Api } from "#sdk/api/client.ts";
import { listLanes } from "#sdk/api/reads.ts";
import type { PacketResult } from "#sdk/packet-result.ts";
import { track } from "#sdk/track.ts";
import type { TrackedPacket } from "#sdk/track.ts";
import { waitForResult } from "#sdk/wait-for-result.ts";
import type { SentPacket } from "#sdk/send-packet.ts";
import type { Terminal } from "./terminal.ts";

export const WAIT_OPTION = [
  "--wait",
  "follow it to the end of its life; exit code 4 when it was refused or timed out",
] as const;

/** Before anything is sent: throws API_UNREACHABLE when nobody could be asked afterwards. */
export const requireApi = async (api: Api): Promise<void> => void (await listLanes(api));

const exitCodes: Readonly<Record<PacketResult["status"], number>> = { success: 0, refused: 4, timedOut: 4 };

/** One line, without a number that changes by itself. */
function describeTracked({ packet, explanation }: TrackedPacket): string {
  if (explanation !== null) return explanation.sentence;
  if (packet === null) return "sent; the relayer reads it once it is final";
  const legs = packet.deliveries
    .filter(({ status }) => status !== "obsolete")
    .map(({ leg, status, errorCode }) => `${leg}: ${status}${errorCode === null ? "" : ` (${errorCode})`}`);
  return [packet.status, ...legs].join(", ");
}

/** Says each change on standard error; sets the exit code. */
export async function waitForPacket(
  terminal: Terminal,
  api: Api,
  sent: Pick<SentPacket, "id" | "packet">,
): Promise<PacketResult> {
  const began = Date.now();
  let said: string | undefined;
  for await (const tracked of track(api, { id: sent.id, signal: terminal.signal })) {
    const now = tracked.explanation?.state ?? describeTracked(tracked);
    if (now === said) continue;
    said = now;
    const seconds = ((Date.now() - began) / 1_000).toFixed(1).padStart(7);
    terminal.errors.write(`${seconds} s  ${describeTracked(tracked)}\n`);
  }
  const result = await waitForResult(api, { ...sent, signal: terminal.signal });
  terminal.exitCode = exitCodes[result.status];
  return result;
}

const printable = /^[\P{C}\n\t]+$/u;

/** The receiver's answer, as text where it is text. */
function describeAnswer(result: Uint8Array | undefined): string {
  if (result === undefined || result.length === 0) return "";
  const text = new TextDecoder().decode(result);
  return `, answer: ${printable.test(text) ? text : `0x${bytesToHex(result)}`}`;
}

export function describeResult(result: PacketResult): string {
  if (result.status === "success") return `delivered and acknowledged${describeAnswer(result.result)}`;
  const what = result.status === "refused" ? "the receiver refused it" : "it timed out";
  const { refund } = result;
  return refund === undefined ? what : `${what}; ${refund.amount} of ${refund.denom} are back at ${refund.receiver}`;
}

export const resultView = (result: PacketResult) =>
  result.status === "success"
    ? { status: result.status, answer: result.result === undefined ? null : bytesToHex(result.result) }
    : { status: result.status, refund: result.refund ?? null };
