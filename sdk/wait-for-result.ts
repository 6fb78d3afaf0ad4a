// Waits until a packet's life is over, and says what became of it.
import { hexToBytes } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import type { Api } from "./api/client.ts";
import type { PacketParameters } from "./api/reads.ts";
import type { PacketView } from "./api/views.ts";
import { packetResult } from "./packet-result.ts";
import type { PacketResult } from "./packet-result.ts";
import { track } from "./track.ts";

export interface WaitParameters extends PacketParameters {
  /** As it was sent; without it the relayer says what was in it. `send`'s whole answer may be passed. */
  readonly packet?: Packet | undefined;
}

/**
 * A refusal and a timeout are results, not errors: the packet's life ends with them, and the refund is part of them. The result is what the
 * relayer says; `getEvidence` and `verifyEvidence` prove it. Throws what `track` throws. It has no patience of its own: give a signal, e.g.
 * `AbortSignal.timeout(600_000)`; the packet stays what it is, and can be waited for again.
 */
export async function waitForResult(api: Api, { id, packet, signal }: WaitParameters): Promise<PacketResult> {
  for await (const tracked of track(api, { id, signal })) {
    if (!tracked.finished || tracked.packet === null) continue;
    const { status, acknowledgements } = tracked.packet;
    const payloads = packet?.payloads ?? payloadsOf(api, tracked.packet);
    return packetResult(payloads, status === "timedOut" ? undefined : acknowledgements?.map(hexToBytes));
  }
  throw new CausewayError("CANCELLED", `${id} is not followed any further`);
}

function payloadsOf({ url }: Api, { id, payloads }: PacketView): Packet["payloads"] {
  if (payloads !== null) return payloads.map((payload) => ({ ...payload, value: hexToBytes(payload.value) }));
  throw new CausewayError("API_BAD_ANSWER", `${url} knows that ${id} ended, and not what was in it`);
}
